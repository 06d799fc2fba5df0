import type { Actor } from '../../domain/policy/actor.ts'

/** A running session: who, until when, and the token that writes must repeat. */
export type Session = {
  readonly id: string
  readonly actor: Actor
  readonly csrfToken: string
  /** Absolute end, ISO 8601. */
  readonly expiresAt: string
}
