import { useTranslation } from 'react-i18next'
import { useNow } from '../../ui/useNow.ts'
import { type ReviewInfo, reviewState } from './reviews.ts'

const tones = { open: 'accent', overdue: 'danger', closed: 'ok' } as const

/** How a review stands. */
export const ReviewStateChip = ({ review }: { review: Pick<ReviewInfo, 'closedAt' | 'dueAt'> }) => {
  const { t } = useTranslation()
  const state = reviewState(review, useNow())
  return (
    <span className='tag' data-tone={tones[state]}>
      {t(`reviews.states.${state}`)}
    </span>
  )
}
