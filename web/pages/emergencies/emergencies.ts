import { useQuery } from '@tanstack/react-query'
import type { EmergencyReason } from '../../../domain/access/emergency.ts'
import { request } from '../../app/request.ts'

/** An emergency as those who guard, and whoever asked, see it (`GET /api/emergencies`). Times are ISO 8601. */
export type Emergency = {
  id: string
  staffId: string
  reason: EmergencyReason
  note: string | null
  storeIds: string[]
  askedAt: string
  state: string
  needed: number
  agreed: string[]
  deviation: boolean
  selfAfter: string | null
  mayDecide: boolean
  mayReview: boolean
  grantedAt: string | null
  endsAt: string | null
  seen: number
  verdict: 'justified' | 'misused' | null
  reviewedBy: string | null
  overdue: boolean
}

/** Where an emergency is in its life: asked for, running, waiting to be looked into, overdue for it, looked into; or never begun. */
export type Phase = 'overdue' | 'open' | 'running' | 'toReview' | 'justified' | 'misused' | 'refused' | 'expired' | 'cancelled'

/** Returns the phase at `now` (milliseconds). */
export const phaseOf = (one: Pick<Emergency, 'state' | 'endsAt' | 'verdict' | 'overdue'>, now: number): Phase => {
  if (one.endsAt === null) return one.state === 'approved' ? 'open' : (one.state as Phase)
  if (one.verdict !== null) return one.verdict
  if (Date.parse(one.endsAt) > now) return 'running'
  return one.overdue ? 'overdue' : 'toReview'
}

/** The phases that want something done, the most pressing first. */
export const pressing: readonly Phase[] = ['overdue', 'open', 'running', 'toReview']

export const emergenciesKey = ['emergencies'] as const

/** Asks for one's own emergencies, or all for those who guard; again every 15 seconds, because somebody waits. */
export const useEmergencies = () =>
  useQuery({
    queryKey: emergenciesKey,
    queryFn: async ({ signal }) => (await request<{ items: Emergency[] }>('GET', '/api/emergencies', { signal })).items,
    refetchInterval: 15_000,
  })
