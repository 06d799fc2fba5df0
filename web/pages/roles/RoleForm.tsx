import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Role } from '../../../domain/policy/role.ts'
import { Field } from '../../ui/Field.tsx'
import { BudgetsCard, DutiesCard } from './DutiesCard.tsx'
import { EntityBlock } from './EntityBlock.tsx'
import { entityOrder } from './questions.ts'

type RoleFormProps = {
  /** Null for a role that ships: its name is no matter of the form. */
  name: string | null
  role: Role
  problems: ReadonlyMap<string, string>
  onName?: (name: string) => void
  /** Null: only to be read. */
  onChange: ((role: Role) => void) | null
}

const noProblems: ReadonlyMap<string, string> = new Map()

/** A role as questions: its name, what it may do with each kind of record, its duties and its limits. */
export const RoleForm = ({ name, role, problems, onName, onChange }: RoleFormProps) => {
  const { t } = useTranslation()
  return (
    <>
      {name === null || onChange === null ? null : (
        <div className='card'>
          <Field label={t('roles.name')} hint={t('roles.nameHint')} problem={problems.get('name')}>
            {(ties) => (
              <Input {...ties} value={name} maxLength={40} autoComplete='off' onChange={(event) => onName?.(event.target.value)} />
            )}
          </Field>
        </div>
      )}
      {entityOrder.map((entity) => (
        <EntityBlock
          key={entity}
          entity={entity}
          role={role}
          problems={onChange ? problems : noProblems}
          onChange={onChange}
          open={entity === 'customer'}
        />
      ))}
      <DutiesCard role={role} onChange={onChange} />
      <BudgetsCard role={role} problems={onChange ? problems : noProblems} onChange={onChange} />
    </>
  )
}
