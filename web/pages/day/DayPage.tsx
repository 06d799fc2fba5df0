import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useActor, useScope } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { type Days, useBusy, useDays } from './appointments.ts'
import { useTimes } from './useTimes.ts'
import { Visit } from './Visit.tsx'
import { dayOf, daysBetween, today, touches, weekOf } from './week.ts'
import { WeekStrip } from './WeekStrip.tsx'
import './day.css'

type Taken = { startsAt: string; endsAt: string }
type DayProps = { day: Date; data: Days; hidden: readonly Taken[] }

/** One day by time. `hidden`: what is agreed on with somebody who is not in sight yet; its time is known, and no more. */
const Day = ({ day, data, hidden }: DayProps) => {
  const { t } = useTranslation()
  const { dayName, span } = useTimes()
  const visits = data.items.filter((one) => touches(day, String(one['startsAt']), String(one['endsAt'])))
  const later = hidden.filter((one) => touches(day, one.startsAt, one.endsAt))
  return (
    <section className='day' aria-label={dayName(day)}>
      <h2>{dayName(day)}</h2>
      <ul>
        {visits.map((one) => (
          <Visit key={one.id} record={one} customer={data.customers[String(one['customerId'])]} />
        ))}
        {later.map((one) => (
          <li key={one.startsAt} className='visit' data-state='hidden'>
            <div className='visit-time'>
              <time dateTime={one.startsAt}>{span(one.startsAt, one.endsAt)}</time>
            </div>
            <p className='faint row'>
              <Icon name='lock' size={15} />
              {t('day.hidden')}
            </p>
          </li>
        ))}
        {visits.length + later.length === 0 ? <li className='faint day-free'>{t('day.free')}</li> : null}
      </ul>
    </section>
  )
}

/** What one does today and tomorrow: whom to visit and call, by time, with the ways there. The start page of those who work outside. */
export const DayPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const actor = useActor()
  const mayBook = (useScope('appointment').actions.create ?? { kind: 'none' }).kind !== 'none'
  const [chosen, setChosen] = useState(today)
  const [mine, setMine] = useState(true)
  const week = weekOf(chosen)
  const isToday = daysBetween(today(), chosen) === 0
  // Tomorrow of a Sunday is in the next week.
  const from = week[0]!
  const to = dayOf(week[6]!, isToday ? 2 : 1)
  const list = useDays(from, to, mine)
  const busy = useBusy(from, to, mine ? [actor.staffId] : [])
  const items = list.data?.items ?? []
  const seen = new Set(items.map((one) => `${String(one['startsAt'])} ${String(one['endsAt'])}`))
  const hidden = (busy.data ?? []).filter((one) => list.data && !seen.has(`${one.startsAt} ${one.endsAt}`))
  const open = items.filter((one) => one['state'] !== 'cancelled')
  const countOf = (day: Date): number =>
    open.filter((one) => touches(day, String(one['startsAt']), String(one['endsAt']))).length +
    hidden.filter((one) => touches(day, one.startsAt, one.endsAt)).length
  const shown = isToday ? [chosen, dayOf(chosen, 1)] : [chosen]
  const isFree =
    shown.every((day) => countOf(day) === 0) &&
    !items.some((one) => shown.some((day) => touches(day, String(one['startsAt']), String(one['endsAt']))))
  return (
    <Page
      title={t('day.title')}
      sub={t(mine ? 'day.sub' : 'day.subAll')}
      actions={
        mayBook ? (
          <Segmented
            value={mine ? 'mine' : 'all'}
            aria-label={t('day.whose')}
            options={[
              { value: 'mine', label: t('day.mine') },
              { value: 'all', label: t('day.all') },
            ]}
            onChange={(value) => setMine(value === 'mine')}
          />
        ) : undefined
      }
    >
      <WeekStrip week={week} chosen={chosen} countOf={countOf} onChoose={setChosen} />
      {list.isError ? (
        <ErrorNote error={list.error}>
          <Button onClick={() => void list.refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {list.isPending ? (
        <div className='card'>
          <Bones widths={[50, 80, 60]} />
        </div>
      ) : null}
      <DamagedNote ids={list.data?.damaged} />
      {list.data && isFree ? (
        <div className='card'>
          <Empty
            icon='calendar'
            title={t(isToday ? 'day.none' : 'day.noneThen')}
            actions={
              mayBook ? (
                <Button type='primary' onClick={() => void navigate('/customers')}>
                  {t('day.toCustomers')}
                </Button>
              ) : undefined
            }
          >
            {t(mayBook ? 'day.noneAdvice' : 'day.noneAdviceInstaller')}
          </Empty>
        </div>
      ) : null}
      {list.data && !isFree ? shown.map((day) => <Day key={day.getTime()} day={day} data={list.data} hidden={hidden} />) : null}
      {list.data?.nextCursor ? <p className='faint small'>{t('day.more')}</p> : null}
    </Page>
  )
}
