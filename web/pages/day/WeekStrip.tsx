import { useTranslation } from 'react-i18next'
import { formatDay } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { useTimes } from './useTimes.ts'
import { dayOf, daysBetween, today } from './week.ts'

type StripProps = { week: readonly Date[]; chosen: Date; countOf: (day: Date) => number; onChoose: (day: Date) => void }

/** The seven days of a week with how much each holds, and the ways to the weeks beside it. */
export const WeekStrip = ({ week, chosen, countOf, onChoose }: StripProps) => {
  const { t } = useTranslation()
  const { weekday, dayName } = useTimes()
  const now = today()
  const turn = (days: number): void => onChoose(dayOf(chosen, days))
  return (
    <div className='week' role='group' aria-label={t('day.week')}>
      <button type='button' className='chip bare' aria-label={t('day.weekBefore')} onClick={() => turn(-7)}>
        <Icon name='left' size={18} />
      </button>
      <ol>
        {week.map((day) => {
          const count = countOf(day)
          return (
            <li key={day.getTime()}>
              <button
                type='button'
                aria-pressed={daysBetween(day, chosen) === 0}
                data-today={daysBetween(day, now) === 0}
                onClick={() => onChoose(day)}
              >
                <span>{weekday(day)}</span>
                <b>{formatDay(day.toISOString()).slice(8)}</b>
                <i aria-hidden='true'>{count > 0 ? count : ''}</i>
                <span className='unseen'>
                  {dayName(day)}, {t('day.count', { count })}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
      <button type='button' className='chip bare' aria-label={t('day.weekAfter')} onClick={() => turn(7)}>
        <Icon name='right' size={18} />
      </button>
    </div>
  )
}
