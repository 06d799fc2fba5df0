import type { RoleId } from '../../../domain/policy/roles.ts'

/** One way to a provider and back: what the provider repeats (`state`, `nonce`), and what only we know (`verifier`). */
export type Flow = { readonly state: string; readonly nonce: string; readonly verifier: string }

/** Whom a provider says has signed in there. */
export type Identity = {
  /** Who says so, and whom they mean: the two together name one person for good (OpenID Connect Core 1.0, 5.7). */
  readonly issuer: string
  readonly subject: string
  /** The login it names; it may be changed there, and be given to another. Null: none. */
  readonly login: string | null
  /** Roles its directory gives; null where none are asked of it. */
  readonly roles: readonly RoleId[] | null
  /** Whether it has asked for more than one factor. */
  readonly strong: boolean
}

/** Who knows our staff, elsewhere. OpenID Connect is one kind; WeCom, DingTalk and Feishu, which speak dialects of OAuth of their own, are others. */
export type IdentityProvider = {
  readonly id: string
  /** As people call it. */
  readonly name: string
  /** Roles it may give and take away; others it leaves alone. */
  readonly claimable: readonly RoleId[]
  /** Returns the address that a browser goes to. Throws `provider_unavailable`. */
  readonly begin: (flow: Flow) => Promise<string>
  /** Returns whom `answer`, the query that the browser came back with, is about. Throws `provider_unavailable`, `provider_refused`. */
  readonly finish: (flow: Flow, answer: URLSearchParams) => Promise<Identity>
}
