import { useQuery } from '@tanstack/react-query'
import { request } from '../../app/request.ts'

/** A token of a program; what it says was told once. Times are ISO 8601. */
export type ProgramToken = {
  id: string
  readOnly: boolean
  addresses: string[]
  createdAt: string
  expiresAt: string
  lastUsedAt: string | null
}

/** A program that may ask (`GET /api/programs`). `ownerId`: who answers for it. */
export type Program = {
  id: string
  name: string | null
  ownerId: string
  purpose: string
  roles: string[]
  storeIds: string[]
  createdAt: string
  suspended: boolean
  tokens: ProgramToken[]
}

export const programsKey = ['programs'] as const

/** Asks for the programs there are. */
export const usePrograms = () =>
  useQuery({
    queryKey: programsKey,
    queryFn: async ({ signal }) => (await request<{ items: Program[] }>('GET', '/api/programs', { signal })).items,
  })
