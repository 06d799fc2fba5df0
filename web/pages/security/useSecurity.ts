import { type UseMutationResult, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { request } from '../../app/request.ts'
import { sessionKey } from '../../app/session.ts'
import { say } from '../../ui/toast.tsx'

export type Passkey = { id: string; name: string; synced: boolean; deviceId: string | null; createdAt: string; usedAt: string | null }
export type Security = {
  passkeys: Passkey[]
  code: { createdAt: string } | null
  recoveryLeft: number
  password: { setAt: string } | null
  hasPin: boolean
  factorDue: string | null
  deviceId: string | null
}

/** What the signed-in person signs in with. */
export const useSecurity = (): UseQueryResult<Security> =>
  useQuery({ queryKey: ['security'], queryFn: ({ signal }) => request<Security>('GET', '/api/me/security', { signal }) })

/** An act on one's own security: says that it is done, and reads everything it may have changed anew. */
export const useSecurityAct = <I, O = unknown>(act: (input: I) => Promise<O>, done: string | null): UseMutationResult<O, Error, I> => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      if (done !== null) say(done)
      for (const queryKey of [['security'], ['sessions'], ['notices'], [...sessionKey]]) void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
}
