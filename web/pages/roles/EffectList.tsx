import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../domain/catalogue/all.ts'
import { dutyKey } from './dutyKey.ts'
import type { Effect } from './effectOf.ts'
import { entityOrder } from './questions.ts'

/** Returns effects as text, entity by entity: 'see consents; customers: export, merge; Read the audit log'. */
const useEffectWords = (): ((effects: readonly Effect[]) => string) => {
  const { t } = useTranslation()
  return (effects) => {
    const whatsOf = (entity: EntityName) => effects.flatMap((one) => (one.entity === entity ? [one.what] : []))
    // What is seen at all, or not any more, is said in one breath.
    const whole = entityOrder.filter((entity) => whatsOf(entity).join() === 'rows')
    const seen =
      whole.length === 0 ? [] : [t('roles.sees', { entities: whole.map((entity) => t(`entityNames.${entity}`)).join(t('listComma')) })]
    const byEntity = entityOrder.flatMap((entity) => {
      const whats = whole.includes(entity) ? [] : whatsOf(entity).map((what) => t(`rights.${what}`))
      return whats.length === 0 ? [] : [`${t(`entityNames.${entity}`)}${t('roles.colon')}${whats.join(t('listComma'))}`]
    })
    const others = effects.flatMap((one) =>
      one.entity !== null
        ? []
        : [one.what === 'revealsPerDay' ? t('rights.revealsPerDay') : t(`duties.${dutyKey(one.what)}.title` as 'duties.calls_take.title')],
    )
    return [...seen, ...byEntity, ...others].join(t('jobs.semicolon'))
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
