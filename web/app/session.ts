import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { EntityName } from '../../domain/catalogue/all.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { decide, hasDuty, type Scope } from '../../domain/policy/decide.ts'
import type { Duty } from '../../domain/policy/role.ts'
import { ApiError } from './apiError.ts'
import type { Session, State } from './contract.ts'
import { wake } from './idle.ts'
import { wipeThisDevice } from './lostDevice.ts'
import { showPasskey } from './passkey.ts'
import { rememberCsrfToken, request } from './request.ts'

export const sessionKey = ['session'] as const
export const stateKey = ['state'] as const

/** Asks for the running session; null when there is none. Throws `ApiError` (`locked`, `device_lost`). */
export const fetchSession = async (): Promise<Session | null> => {
  try {
    const session = await request<Session>('GET', '/api/session', { quiet: true })
    rememberCsrfToken(session.csrfToken)
    return session
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_signed_in') return null
    if (error instanceof ApiError && error.code === 'device_lost') await wipeThisDevice()
    throw error
  }
}

/** Asks where the installation stands: to be set up, sealed, or ready. */
export const fetchState = (): Promise<State> => request<State>('GET', '/api/state')

/** Notes that a session has begun, and returns it. */
export const begun = (session: Session): Session => {
  rememberCsrfToken(session.csrfToken)
  wake()
  return session
}

/** Signs in and returns the session. Throws `ApiError` (`sign_in_failed`, `code_required` with the account's ways, `code_wrong`, `throttled`). */
export const signIn = async (login: string, password: string, code?: string): Promise<Session> =>
  begun(await request<Session>('POST', '/api/session', { body: { login, password, ...(code ? { code } : {}) }, quiet: true }))

/** Signs in whoever's passkey is shown, and returns the session. Throws `ApiError`, or as browsers do. */
export const signInByPasskey = async (): Promise<Session> => {
  const response = await showPasskey('/api/session/passkey/options')
  return begun(await request<Session>('POST', '/api/session/passkey', { body: { response }, quiet: true }))
}

/** Unlocks, or switches to a colleague's session on this device. Throws `ApiError` (`unlock_failed`, `code_required`, `not_signed_in`). */
export const unlock = async (shown: {
  staffId?: string
  pin?: string
  password?: string
  code?: string
  passkey?: unknown
}): Promise<Session> => begun(await request<Session>('POST', '/api/session/unlock', { body: shown, quiet: true }))

/** Uses a one-time link up and returns the session it begins. Throws `ApiError` (`link_invalid`, `input_invalid`, `passkey_refused`). */
export const join = async (body: { token: string; password?: string; passkey?: { name: string; response: unknown } }): Promise<Session> =>
  begun(await request<Session>('POST', '/api/join', { body, quiet: true }))

/** Returns the act of signing out: ends the session and forgets everything this tab was told. */
export const useSignOut = (): (() => Promise<void>) => {
  const client = useQueryClient()
  return async () => {
    await request('DELETE', '/api/session', { quiet: true }).catch(() => null)
    rememberCsrfToken(null)
    client.clear()
    // A full load also drops what React and this tab's memory still hold of customers.
    window.location.assign('/sign-in')
  }
}

/** Returns the signed-in actor. Only for pages inside the shell, which does not render without one. */
export const useActor = (): Actor & { name?: string } => {
  const { data } = useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: 60_000 })
  if (!data) throw new ApiError('not_signed_in', 401, null)
  return data.actor
}

/** Returns the running session. Only for pages inside the shell. */
export const useSession = (): Session => {
  const { data } = useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: 60_000 })
  if (!data) throw new ApiError('not_signed_in', 401, null)
  return data
}

/** Returns what the actor may do with an entity: the same pure decision that the server takes, used only to show or hide what would be refused. */
export const useScope = (entity: EntityName): Scope => {
  const actor = useActor()
  return useMemo(() => decide(actor, entity), [actor, entity])
}

/** Whether calls go over a relay: then a call needs the number one calls from. */
export const useRelay = (): boolean => useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: 60_000 }).data?.relay ?? false

/** Whether the actor carries the duty. */
export const useDuty = (duty: Duty): boolean => hasDuty(useActor(), duty)
