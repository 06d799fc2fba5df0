import type { Actor } from '../../domain/policy/actor.ts'

/** How somebody showed who they are: a password alone, beside a code or a recovery code, a passkey, a one-time link, or single sign-on (`mfa`: the provider asked for more than one factor). */
export const methods = [
  'password',
  'password+code',
  'password+recovery',
  'passkey',
  'link',
  'sso',
  'sso+code',
  'sso+recovery',
  'sso+mfa',
] as const
export type Method = (typeof methods)[number]

/** Which factors an account has. `code`: an authenticator app. */
export type Factors = { readonly password: boolean; readonly passkey: boolean; readonly code: boolean }

/** A running session: who, until when, and the token that writes must repeat. */
export type Session = {
  readonly id: string
  readonly actor: Actor
  readonly csrfToken: string
  /** Absolute end, ISO 8601. */
  readonly expiresAt: string
  /** The browser it runs in; null over the local socket. */
  readonly deviceId: string | null
  readonly method: Method | 'token'
  /** Set where a program asks by a token: whether it may only read. */
  readonly program?: { readonly readOnly: boolean }
  /** Whether somebody has to unlock it first. */
  readonly locked: boolean
  /** What has to be done before anything else: choose a password, or enrol a second factor. */
  readonly owes: 'password' | 'factor' | null
  /** When a second factor becomes due, ISO 8601; null where none is asked for or there is one. */
  readonly factorDue: string | null
  /** Until when it counts as freshly shown (milliseconds since 1970); 0 where what was shown is not the account's strongest. */
  readonly freshUntil: number
  readonly factors: Factors
}
