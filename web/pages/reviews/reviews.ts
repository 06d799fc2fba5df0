import { useQuery } from '@tanstack/react-query'
import type { Decision } from '../../../domain/policy/review.ts'
import { request } from '../../app/request.ts'

/** A review of who may what as a list shows it (`GET /api/reviews`). Times are ISO 8601. */
export type ReviewInfo = {
  id: string
  kind: string
  openedAt: string
  dueAt: string
  closedAt: string | null
  lines: number
  undecided: number
}

/** One role of one person in a review, with what helps to decide. `own`: of whoever reads, who does not decide it. */
export type ReviewLine = {
  staffId: string
  role: string
  storeIds: string[]
  decision: Decision | null
  decidedBy: string | null
  decidedAt: string | null
  lastAct: string | null
  unused: string[]
  peers: number
  unusual: boolean
  own: boolean
}

/** A review in full (`GET /api/reviews/:id`). `hasty`: who decided too fast to have read; `report`: the sealed record. */
export type Review = ReviewInfo & { items: ReviewLine[]; hasty: string[]; report: string | null; seal: string | null }

export const reviewsKey = ['reviews'] as const

/** Asks for the reviews there were, newest first. */
export const useReviews = () =>
  useQuery({
    queryKey: reviewsKey,
    queryFn: async ({ signal }) => (await request<{ items: ReviewInfo[] }>('GET', '/api/reviews', { signal })).items,
  })

/** Asks for one review in full. */
export const useReview = (id: string) =>
  useQuery({ queryKey: [...reviewsKey, id], queryFn: ({ signal }) => request<Review>('GET', `/api/reviews/${id}`, { signal }) })

/** Returns how a review stands: `overdue` when its day has passed and nobody closed it. */
export const reviewState = (review: Pick<ReviewInfo, 'closedAt' | 'dueAt'>, now: number): 'open' | 'overdue' | 'closed' =>
  review.closedAt !== null ? 'closed' : Date.parse(review.dueAt) < now ? 'overdue' : 'open'
