import type { Session } from './contract.ts'
import { request } from './request.ts'
import { begun, fetchSession } from './session.ts'

/** What a browser went to the identity provider for, and where it goes on when it is back. */
export type Errand = { readonly kind: 'sign_in' | 'link'; readonly next: string }

const key = 'anechoic.errand'

/** Leaves for the identity provider. Throws `ApiError` (`provider_unavailable`). */
export const goToProvider = async (errand: Errand): Promise<void> => {
  const { url } = await request<{ url: string }>('POST', errand.kind === 'link' ? '/api/me/identity' : '/api/session/sso', {
    quiet: errand.kind === 'sign_in',
  })
  sessionStorage.setItem(key, JSON.stringify(errand))
  window.location.assign(url)
}

/** Takes what the provider sent back out of the address, where histories would keep it, and returns it with the errand; an errand that is not known is a sign-in. */
export const takeAnswer = (): { errand: Errand; query: string } => {
  const query = window.location.search.slice(1)
  window.history.replaceState(window.history.state, '', window.location.pathname)
  const kept = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  return { errand: kept === null ? { kind: 'sign_in', next: '/' } : (JSON.parse(kept) as Errand), query }
}

/** Signs in with what the provider answered. Throws `ApiError` (`provider_refused`, `identity_unknown`, `code_required` with a `ticket`). */
export const finishSignIn = async (query: string): Promise<Session> =>
  begun(await request<Session>('POST', '/api/session/sso/finish', { body: { query }, quiet: true }))

/** Shows the second factor after that. Throws `ApiError` (`code_wrong` with a new `ticket`, `link_invalid`). */
export const finishByCode = async (ticket: string, code: string): Promise<Session> =>
  begun(await request<Session>('POST', '/api/session/sso/code', { body: { ticket, code }, quiet: true }))

/** Links the signed-in account. Throws `ApiError` (`provider_refused`, `duplicate`). */
export const finishLink = async (query: string): Promise<void> => {
  // This page was loaded anew, and knows no token for writes.
  await fetchSession()
  await request('POST', '/api/me/identity/finish', { body: { query } })
}
