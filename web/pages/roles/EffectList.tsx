import { useTranslation } from 'react-i18next'
import { dutyKey } from './dutyKey.ts'
import type { Effect } from './effectOf.ts'
import { entityOrder } from './questions.ts'

/** Returns effects as text, entity by entity: 'customers: export, merge; Read the audit log'. */
const useEffectWords = (): ((effects: readonly Effect[]) => string) => {
  const { t } = useTranslation()
  return (effects) => {
    const byEntity = entityOrder.flatMap((entity) => {
      const whats = effects.flatMap((one) => (one.entity === entity ? [t(`rights.${one.what}`)] : []))
      return whats.length === 0 ? [] : [`${t(`entityNames.${entity}`)}${t('roles.colon')}${whats.join(t('listComma'))}`]
    })
    const others = effects.flatMap((one) =>
      one.entity !== null
        ? []
        : [one.what === 'revealsPerDay' ? t('rights.revealsPerDay') : t(`duties.${dutyKey(one.what)}.title` as 'duties.calls_take.title')],
    )
    return [...byEntity, ...others].join(t('jobs.semicolon'))
  }
}

/** What somebody gains and loses by a change of rights. */
export const EffectList = ({ effects, same }: { effects: readonly Effect[]; same: string }) => {
  const { t } = useTranslation()
  const words = useEffectWords()
  const [gains, losses] = [effects.filter(({ gain }) => gain), effects.filter(({ gain }) => !gain)]
  if (effects.length === 0) return <span className='quiet'>{same}</span>
  return (
    <ul className='effects'>
      {gains.length > 0 ? (
        <li>
          <span className='tag' data-tone='ok'>
            {t('roles.gains')}
          </span>{' '}
          {words(gains)}
        </li>
      ) : null}
      {losses.length > 0 ? (
        <li>
          <span className='tag' data-tone='warn'>
            {t('roles.loses')}
          </span>{' '}
          {words(losses)}
        </li>
      ) : null}
    </ul>
  )
}
