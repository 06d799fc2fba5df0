import type { RoleId } from './roles.ts'

/** Who asks. Made by `auth` from a session, by the CLI from a sign-in, and by `jobs` from the person who started the job. */
export type Actor = {
  readonly staffId: string
  /** The actor's own data subject number: their personal data in the log is sealed under this key. */
  readonly subject: number
  readonly login: string
  readonly roles: readonly RoleId[]
  readonly storeIds: readonly string[]
  /** Stores of all regions of the actor's stores; the actor's own stores included. */
  readonly regionStoreIds: readonly string[]
  /** Null for acts outside a session (CLI, job). */
  readonly sessionId: string | null
  /** Network address the request came from, null for jobs. Personal data of a staff member: sealed in the log. */
  readonly address: string | null
}
