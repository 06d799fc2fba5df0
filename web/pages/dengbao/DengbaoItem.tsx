import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { dengbaoItems, dengbaoReasons, type Item, type ReasonCode, type Verdict } from '../../../domain/compliance/dengbao.ts'
import { placesFor } from '../../app/navigation.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Icon } from '../../ui/Icon.tsx'
import './dengbao.css'

/** How the installation stands (`GET /api/dengbao`). */
export type Dengbao = {
  profile: boolean
  people: number
  backupDays: number
  items: { ref: string; verdict: Verdict; reasons: { code: ReasonCode; count: number }[] }[]
}

const tones: Record<Verdict, string> = { met: 'ok', deviates: 'warn', unmet: 'danger' }
const items: readonly Item[] = dengbaoItems

type Mend = '/people' | '/people#separation' | '/reviews' | '/backups' | '/audit' | '/jobs' | '/security'

/** Where what is amiss is mended. */
const mendedAt: Partial<Record<ReasonCode, readonly Mend[]>> = {
  old_passwords: ['/people', '/security'],
  no_second_factor: ['/people', '/security'],
  without_role: ['/people'],
  first_passwords: ['/people'],
  dormant: ['/people'],
  departures: ['/people'],
  combined: ['/people#separation'],
  combined_overdue: ['/people#separation'],
  reviews_overdue: ['/reviews'],
  backup_due: ['/backups'],
  records_differ: ['/jobs'],
  audit_disorder: ['/audit'],
  audit_down: ['/audit'],
}

const names = {
  '/people': 'people',
  '/people#separation': 'people',
  '/reviews': 'reviews',
  '/backups': 'backups',
  '/audit': 'audit',
  '/jobs': 'jobs',
  '/security': 'security',
} as const

/** The places where one thing is mended, as far as they exist for whoever reads. */
const Mends = ({ code }: { code: ReasonCode }) => {
  const { t } = useTranslation()
  const places = placesFor(useActor())
  const open = (mendedAt[code] ?? []).filter((to) => to === '/security' || places.some((place) => place.to === to.split('#')[0]))
  return open.map((to) => (
    <Link key={to} className='chip mend' to={to}>
      {t(`nav.${names[to]}`)}
      <Icon name='right' size={12} />
    </Link>
  ))
}

/** One item: what it asks, how it stands, how the product does it, and what is amiss with where it is mended. */
export const DengbaoItem = ({ item: { ref, verdict, reasons } }: { item: Dengbao['items'][number] }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const known = items.find((one) => one.ref === ref)
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{known ? labelOf({ label: known.title }) : ref}</b>
          <span className='small faint mono'>{ref}</span>
          <span className='tag' data-tone={tones[verdict]}>
            {t(`dengbao.verdicts.${verdict}`)}
          </span>
        </div>
        {known ? <div className='small quiet'>{labelOf({ label: known.how })}</div> : null}
        {reasons.length > 0 ? (
          <ul className='dots'>
            {reasons.map(({ code, count }) => (
              <li key={code}>
                {labelOf({ label: dengbaoReasons[code] })}
                {count > 0 ? t('dengbao.count', { count }) : ''} <Mends code={code} />
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </li>
  )
}
