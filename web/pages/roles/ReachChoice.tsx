import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../domain/catalogue/all.ts'
import type { RowScope } from '../../../domain/policy/role.ts'
import { Icon } from '../../ui/Icon.tsx'
import { isWider } from './draft.ts'
import { reachesOf } from './questions.ts'

type ReachChoiceProps = {
  entity: EntityName
  question: string
  hint?: string
  value: RowScope
  /** The widest that may be chosen: no right reaches outside the records that exist. */
  most: RowScope
  problem?: string | undefined
  /** Beside its question rather than below it. */
  compact?: boolean
  /** Null: only to be read. */
  onChange: ((reach: RowScope) => void) | null
}

/** How far a right reaches: a question and its answers side by side, from nothing to everything. What is too wide cannot be chosen, and says why. */
export const ReachChoice = ({ entity, question, hint, value, most, problem, compact = false, onChange }: ReachChoiceProps) => {
  const { t } = useTranslation()
  const id = useId()
  const reaches = reachesOf(entity)
  if (onChange === null)
    return (
      <div className='reach-read'>
        <span>{question}</span>
        <span className='tag' data-tone={value === 'none' ? undefined : 'accent'}>
          {t(`reach.short.${value}`)}
        </span>
      </div>
    )
  const off = t('reach.tooWide', { entity: t(`entityNames.${entity}`) })
  return (
    <fieldset className={compact ? 'plain reach compact' : 'plain reach'} {...(problem ? { 'aria-describedby': `${id}p` } : {})}>
      <legend>{question}</legend>
      <div className='reach-options'>
        {reaches.map((reach) => {
          const tooWide = isWider(reach, most)
          return (
            <label key={reach} data-checked={reach === value} data-off={tooWide} title={tooWide ? off : t(`reach.long.${reach}`)}>
              <input type='radio' name={id} value={reach} checked={reach === value} disabled={tooWide} onChange={() => onChange(reach)} />
              {t(`reach.short.${reach}`)}
            </label>
          )
        })}
      </div>
      {problem ? (
        <span className='wrong' id={`${id}p`}>
          <Icon name='warn' size={14} />
          {problem}
        </span>
      ) : null}
      {hint ? <p className='hint'>{hint}</p> : null}
    </fieldset>
  )
}
