import { useQuery } from '@tanstack/react-query'
import type { StandingKind } from '../../domain/policy/actor.ts'
import type { Role } from '../../domain/policy/role.ts'
import { roleName } from '../../domain/policy/roleLabels.ts'
import type { DeviationKind, DeviationReason } from '../../domain/policy/separation.ts'
import { directoryQuery } from './directory.ts'
import { useLanguage } from './preferences.ts'
import { request } from './request.ts'

/** A role somebody has until a day (`GET /api/people`). Times are ISO 8601; `starts` null: at once. */
export type Loan = {
  id: string
  role: string
  storeIds: string[]
  kind: StandingKind
  forStaff: string | null
  starts: string | null
  ends: string
}

/** Somebody who works for the dealer (`GET /api/people`). `suspended`: why; `lastAct`: ISO 8601, null for never. */
export type Person = {
  id: string
  version: number
  login: string
  name: string | null
  /** `person`, or `service`: a program with an owner and tokens. */
  kind: string
  roles: string[]
  storeIds: string[]
  loans: Loan[]
  joinsOn: string | null
  leavesOn: string | null
  active: boolean
  suspended: string | null
  privileged: boolean
  deviations: DeviationKind[]
  lastAct: string | null
}

/** A role as `GET /api/roles` tells it. `version` null: it ships. */
export type RoleInfo = { id: string; name: string | null; role: Role; version: number | null; holders: number }

/** A departure from the separation of powers (`GET /api/deviations`). */
export type Deviation = {
  id: string
  kind: DeviationKind
  staffId: string | null
  reason: DeviationReason
  acceptedBy: string | null
  at: string
  endedAt: string | null
  overdue: boolean
}

export const peopleKey = ['people'] as const
export const rolesKey = ['roles'] as const

/** Asks for everybody on the staff. One answer serves the list and each person's page: there are hundreds at most. */
export const usePeople = () =>
  useQuery({
    queryKey: peopleKey,
    queryFn: async ({ signal }) => (await request<{ items: Person[] }>('GET', '/api/people', { signal })).items,
    staleTime: 15_000,
  })

/** Asks for every role there is: those that ship, then the dealer's own. */
export const useRoles = () =>
  useQuery({
    queryKey: rolesKey,
    queryFn: async ({ signal }) => (await request<{ items: RoleInfo[] }>('GET', '/api/roles', { signal })).items,
    staleTime: 15_000,
  })

/** Asks for the departures from the separation of powers. `enabled`: only for who grants or audits. */
export const useDeviations = (enabled: boolean) =>
  useQuery({
    queryKey: ['deviations'],
    queryFn: async ({ signal }) => (await request<{ items: Deviation[] }>('GET', '/api/deviations', { signal })).items,
    staleTime: 15_000,
    enabled,
  })

/** Asks for the stores with their regions; the same answer as the directory's. */
export const useStores = () => useQuery(directoryQuery('store')).data

/** Returns the colleagues who work here today (`2026-11-25`), by name: no programs, and nobody who has left. The same answer as the directory's. */
export const useColleagues = (today: string): { value: string; label: string }[] => {
  const { data = [] } = useQuery(directoryQuery('staff'))
  return data.flatMap(({ id, name, login, kind, active, leavesOn }) =>
    kind === 'service' || active === false || (typeof leavesOn === 'string' && leavesOn < today)
      ? []
      : [{ value: id, label: typeof name === 'string' ? name : String(login) }],
  )
}

/** Returns what a role is called in the reader's language: one's own by the name it was given. */
export const useRoleName = (): ((roleId: string) => string) => {
  const language = useLanguage() === 'en' ? 'en' : 'zh'
  const { data } = useRoles()
  return (roleId) => roleName(roleId, language, data?.find(({ id }) => id === roleId)?.name ?? null)
}
