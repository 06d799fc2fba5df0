import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../domain/catalogue/all.ts'
import { type Role, writable } from '../../../domain/policy/role.ts'
import { Icon } from '../../ui/Icon.tsx'
import { isWider, setAct, setReach, setWrite } from './draft.ts'
import { actReachOf, actsOf, isWritten, reachOf, type ReachRight, rightsOf } from './questions.ts'
import { ReachChoice } from './ReachChoice.tsx'

type EntityBlockProps = {
  entity: EntityName
  role: Role
  /** What is wrong, by the field's path in the definition. */
  problems: ReadonlyMap<string, string>
  onChange: ((role: Role) => void) | null
  open?: boolean
}

const WriteBoxes = ({ entity, role, onChange }: Pick<EntityBlockProps, 'entity' | 'role' | 'onChange'>) => {
  const { t } = useTranslation()
  const written = role.entities[entity]?.write ?? []
  return (
    <fieldset className='plain reach'>
      <legend>{t('roles.write')}</legend>
      <div className='checks'>
        {writable.map((which) => (
          <label key={which}>
            <input
              type='checkbox'
              checked={written.includes(which)}
              disabled={onChange === null}
              onChange={(event) => onChange?.(setWrite(role, entity, which, event.target.checked))}
            />
            {t(`writeClasses.${which}`)}
          </label>
        ))}
      </div>
      <p className='hint'>{t('roles.writeHint')}</p>
    </fieldset>
  )
}

/** All that a role may do with one kind of record, as questions; folded it says how far it sees. */
export const EntityBlock = ({ entity, role, problems, onChange, open = false }: EntityBlockProps) => {
  const { t } = useTranslation()
  const words = { entity: t(`entityNames.${entity}`) }
  const rows = reachOf(role, entity, 'rows')
  const acts = actsOf(entity)
  const isWrong = [...problems.keys()].some((field) => field.startsWith(`entities.${entity}`))
  const ask = (right: ReachRight) => (
    <ReachChoice
      key={right}
      entity={entity}
      question={t(`asks.${right}`, words)}
      hint={t(`askHints.${right}`, words)}
      value={reachOf(role, entity, right)}
      most={right === 'rows' ? 'all' : rows}
      problem={problems.get(`entities.${entity}.${right}`)}
      onChange={onChange && ((reach) => onChange(setReach(role, entity, right, reach)))}
    />
  )
  return (
    <details className='card block' open={open || isWrong}>
      <summary>
        <h2>{words.entity}</h2>
        <span className='tag' data-tone={rows === 'none' ? undefined : 'accent'}>
          {rows === 'none' ? t('roles.blockNone') : t(`reach.short.${rows}`)}
        </span>
        <Icon name='down' size={14} />
      </summary>
      <div className='stack'>
        {ask('rows')}
        {rows !== 'none' && isWider('all', rows) && onChange ? (
          <p className='cap small'>
            <Icon name='info' size={14} /> {t('reach.capped', { ...words, reach: t(`reach.short.${rows}`) })}
            {entity === 'customer' ? ` ${t('reach.working')}` : ''}
          </p>
        ) : null}
        {rows === 'none'
          ? null
          : rightsOf(entity, role.entities[entity])
              .filter((right) => right !== 'rows')
              .map(ask)}
        {rows === 'none' || acts.length === 0 ? null : (
          <section className='acts-part'>
            <h3>{t('roles.acts')}</h3>
            {onChange ? <p className='hint'>{t('roles.actsHint', words)}</p> : null}
            {acts.map((act) => (
              <ReachChoice
                key={act}
                compact
                entity={entity}
                question={t(`rights.${act}`)}
                value={actReachOf(role, entity, act)}
                most={rows}
                problem={problems.get(`entities.${entity}.actions.${act}`)}
                onChange={onChange && ((reach) => onChange(setAct(role, entity, act, reach)))}
              />
            ))}
          </section>
        )}
        {rows === 'none' || !isWritten(entity) ? null : <WriteBoxes entity={entity} role={role} onChange={onChange} />}
      </div>
    </details>
  )
}
