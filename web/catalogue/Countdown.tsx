import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { shownSeconds } from './useReveal.ts'

/** A ring that empties with the seconds left. */
export const Countdown = ({ left }: { left: number }) => {
  const { t } = useTranslation()
  return (
    <span
      className='ring'
      style={{ '--left': `${(left / shownSeconds) * 100}%` } as CSSProperties}
      title={t('reveal.hidesIn', { count: left })}
    >
      <span aria-hidden='true'>{left}</span>
    </span>
  )
}
