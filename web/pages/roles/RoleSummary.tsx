import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../domain/catalogue/all.ts'
import { type Role, type RowScope, rowScopes } from '../../../domain/policy/role.ts'
import { dutyKey } from './dutyKey.ts'
import { actReachOf, actsOf, entityOrder, reachesOf, reachOf, rightsOf } from './questions.ts'

/** Returns what a role can do with one kind of record, as sentences. */
const useSays = (): ((role: Role, entity: EntityName) => string[]) => {
  const { t } = useTranslation()
  return (role, entity) => {
    const far = (reach: RowScope): string => t(`reach.long.${reach}`)
    const rows = reachOf(role, entity, 'rows')
    if (rows === 'none') return [t('says.none', { entity: t(`entityNames.${entity}`) })]
    // Whoever works here is a colleague of everybody: there is nothing to tell apart.
    const isPlain = reachesOf(entity).length === 2
    const rights = rightsOf(entity, role.entities[entity])
    const reach = (right: (typeof rights)[number]): RowScope => reachOf(role, entity, right)
    const acts = actsOf(entity)
    const byReach = rowScopes
      .filter((one) => one !== 'none')
      .toReversed()
      .flatMap((one) => {
        const those = acts.filter((act) => actReachOf(role, entity, act) === one)
        return those.length === 0
          ? []
          : [
              t(isPlain ? 'says.actsPlain' : 'says.acts', {
                acts: those.map((act) => t(`rights.${act}`)).join(t('listComma')),
                reach: far(one),
              }),
            ]
      })
    const names = reach('names')
    const reveals = reach('reveal') !== 'none' && role.revealsPerDay > 0
    return [
      t(isPlain ? 'says.rowsPlain' : 'says.rows', { reach: far(rows), entity: t(`entityNames.${entity}`) }),
      ...(rights.includes('names') && names !== rows
        ? [names === 'none' ? t('says.noNames') : t('says.namesLess', { reach: far(names) })]
        : []),
      ...(isPlain || !rights.includes('personal')
        ? []
        : [reach('personal') === 'none' ? t('says.noPersonal') : t('says.personal', { reach: far(reach('personal')) })]),
      ...(isPlain || !rights.includes('reveal') || reach('personal') === 'all'
        ? []
        : [reveals ? t('says.reveal', { reach: far(reach('reveal')), count: role.revealsPerDay }) : t('says.noReveal')]),
      ...(reach('sensitive') === 'none' ? [] : [t('says.sensitive', { reach: far(reach('sensitive')) })]),
      ...(rights.includes('use') ? [reach('use') === 'none' ? t('says.noUse') : t('says.use', { reach: far(reach('use')) })] : []),
      ...(byReach.length > 0 ? byReach : acts.length > 0 ? [t('says.noActs')] : []),
      ...(actReachOf(role, entity, 'export') === 'none'
        ? []
        : [reach('export') === 'none' ? t('says.exportMasked') : t('says.exportOpen', { reach: far(reach('export')) })]),
    ]
  }
}

/** What a role can do, in plain words: kind of record by kind of record, then its duties. */
export const RoleSummary = ({ role }: { role: Role }) => {
  const { t } = useTranslation()
  const says = useSays()
  const seen = entityOrder.filter((entity) => reachOf(role, entity, 'rows') !== 'none')
  const unseen = entityOrder.filter((entity) => !seen.includes(entity))
  return (
    <div className='stack tight'>
      {seen.length === 0 && role.duties.length === 0 ? <p className='quiet'>{t('roles.nothing')}</p> : null}
      {seen.map((entity) => {
        const [first, ...rest] = says(role, entity)
        return (
          <div key={entity}>
            <b>{first}</b>
            <ul className='says small'>
              {rest.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
        )
      })}
      {unseen.length > 0 && seen.length > 0 ? (
        <p className='quiet'>{t('says.none', { entity: unseen.map((entity) => t(`entityNames.${entity}`)).join(t('listComma')) })}</p>
      ) : null}
      {role.duties.length > 0 ? (
        <div>
          <b>{t('roles.duties')}</b>
          <ul className='says small'>
            {role.duties.map((duty) => {
              const key = dutyKey(duty) as 'calls_take'
              return <li key={duty}>{t('says.duty', { title: t(`duties.${key}.title`), what: t(`duties.${key}.what`) })}</li>
            })}
          </ul>
        </div>
      ) : null}
    </div>
  )
}
