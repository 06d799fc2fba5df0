import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { smallShop } from '../../../domain/policy/separation.ts'
import { type Deviation, type Person, useDeviations } from '../../app/people.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'

const Line = ({ deviation, people, named }: { deviation: Deviation; people: readonly Person[]; named: boolean }) => {
  const { t } = useTranslation()
  const nameOf = (id: string): string => {
    const person = people.find((one) => one.id === id)
    return person?.name ?? person?.login ?? t('unknownName')
  }
  const { kind, staffId, reason, acceptedBy, at, endedAt, overdue } = deviation
  return (
    <li>
      <div className='row'>
        {named && staffId ? <Link to={`/people/${staffId}`}>{nameOf(staffId)}</Link> : null}
        <b>{t(`separation.kinds.${kind}`)}</b>
        <span className='tag'>{t(`separation.reasons.${reason}`)}</span>
        {overdue ? (
          <span className='tag' data-tone='danger'>
            {t('separation.overdue')}
          </span>
        ) : null}
      </div>
      <div className='small quiet'>
        {t(`separation.what.${kind}`)}{' '}
        {acceptedBy
          ? t('separation.accepted', { name: nameOf(acceptedBy), day: formatDay(at) })
          : t('separation.bySetup', { day: formatDay(at) })}
        {endedAt ? ` · ${t('separation.ended', { day: formatDay(endedAt) })}` : ''}
      </div>
    </li>
  )
}

/** What departs from the separation of powers: whose, since when, who accepted it and why; which should have ended as the shop grew. Of one person, or of all. */
export const DeviationsCard = ({ people, of }: { people: readonly Person[]; of?: string }) => {
  const { t } = useTranslation()
  const { data, error } = useDeviations(true)
  const all = (data ?? []).filter(({ staffId }) => of === undefined || staffId === of)
  const open = all.filter(({ endedAt }) => endedAt === null)
  const past = all.filter(({ endedAt }) => endedAt !== null)
  if (of !== undefined && data && all.length === 0) return null
  return (
    <div className='below' id={of === undefined ? 'separation' : undefined}>
      <Card title={t('separation.card')} aside={open.length > 0 ? t('separation.open', { count: open.length }) : undefined}>
        {error ? <ErrorNote error={error} /> : data ? null : <Bones />}
        {data && open.length === 0 && of === undefined ? <p className='quiet'>{t('separation.none')}</p> : null}
        <div className='stack'>
          {open.some(({ overdue }) => overdue) ? (
            <Trouble tone='warn' title={t('separation.overdue')}>
              {t('separation.overdueWhat', { count: smallShop })}
            </Trouble>
          ) : null}
          <ul className='stack tight'>
            {open.map((one) => (
              <Line key={one.id} deviation={one} people={people} named={of === undefined} />
            ))}
          </ul>
          {past.length > 0 ? (
            <details>
              <summary className='quiet'>{t('separation.past', { count: past.length })}</summary>
              <ul className='stack tight'>
                {past.map((one) => (
                  <Line key={one.id} deviation={one} people={people} named={of === undefined} />
                ))}
              </ul>
            </details>
          ) : null}
        </div>
      </Card>
    </div>
  )
}
