import { InputNumber } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { duties, type Duty, type Role } from '../../../domain/policy/role.ts'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { PrivilegedMark } from '../people/PersonChips.tsx'
import { setDuty } from './draft.ts'
import { dutyKey } from './dutyKey.ts'

const isPower = (duty: Duty): boolean => isPrivileged([{ role: { entities: {}, duties: [duty], revealsPerDay: 0, opensPerHour: 0 } }])

const DutyOption = ({ duty, role, onChange }: { duty: Duty; role: Role; onChange: ((role: Role) => void) | null }) => {
  const { t } = useTranslation()
  const id = useId()
  const key = dutyKey(duty) as 'calls_take'
  return (
    <li className='duty-option'>
      <input
        id={id}
        type='checkbox'
        checked={role.duties.includes(duty)}
        disabled={onChange === null}
        aria-describedby={`${id}w`}
        onChange={(event) => onChange?.(setDuty(role, duty, event.target.checked))}
      />
      <label htmlFor={id}>
        {t(`duties.${key}.title`)} {isPower(duty) ? <PrivilegedMark /> : null}
      </label>
      <small id={`${id}w`}>{t(`duties.${key}.what`)}</small>
    </li>
  )
}

/** What a role does that is about no record, each with what it means. */
export const DutiesCard = ({ role, onChange }: { role: Role; onChange: ((role: Role) => void) | null }) => {
  const { t } = useTranslation()
  return (
    <Card title={t('roles.duties')}>
      <p className='hint-line small quiet'>{t('roles.dutiesWhat')}</p>
      <ul className='duty-options'>
        {duties.map((duty) => (
          <DutyOption key={duty} duty={duty} role={role} onChange={onChange} />
        ))}
      </ul>
    </Card>
  )
}

/** How many people's details a role opens in a day, and how many records in an hour. */
export const BudgetsCard = ({
  role,
  problems,
  onChange,
}: {
  role: Role
  problems: ReadonlyMap<string, string>
  onChange: ((role: Role) => void) | null
}) => {
  const { t } = useTranslation()
  return (
    <Card title={t('roles.budgets')}>
      <div className='form-grid'>
        {(['revealsPerDay', 'opensPerHour'] as const).map((budget) => (
          <Field key={budget} label={t(`roles.${budget}`)} hint={t(`roles.${budget}Hint`)} problem={problems.get(budget)}>
            {(ties) => (
              <InputNumber<number>
                {...ties}
                style={{ width: 140 }}
                disabled={onChange === null}
                value={role[budget]}
                min={0}
                precision={0}
                onChange={(value) => onChange?.({ ...role, [budget]: value ?? 0 })}
              />
            )}
          </Field>
        ))}
      </div>
    </Card>
  )
}
