import type { EntityName } from '../../domain/catalogue/all.ts'
import type { SealedClass } from '../../domain/catalogue/field.ts'
import type { AuditAction, Outcome } from '../../domain/audit/actions.ts'
import type { Ground } from '../../domain/privacy/grounds.ts'
import type { Reason } from '../../domain/audit/reasons.ts'
import type { ExportPurpose } from '../../domain/export/terms.ts'
import type { Actor } from '../../domain/policy/actor.ts'

/** What an entry can be about: an entity of the catalogue, or a part of the installation. */
export type AuditTarget = EntityName | 'session' | 'key' | 'job' | 'audit' | 'installation' | 'preference' | 'export' | 'approval' | 'share'

/** SHA-256 of one envelope as the write left it. */
export type EnvelopeHash = { readonly id: string; readonly group: SealedClass; readonly hash: Uint8Array }

/** Personal data of an entry: search text, free-text reason, network address. Sealed beside the log under the key of the person it is about. */
export type Detail = Readonly<Record<string, string>>

/** One act, as its doer hands it in: ids, names of fields and codes, never a value. `detail` is the only place for personal data. */
export type AuditEntry = {
  /** Null for an act nobody is known for: a sign-in with an unknown login. */
  readonly actor: Actor | null
  readonly action: AuditAction
  readonly entity: AuditTarget
  readonly ids?: readonly string[]
  readonly subjects?: readonly number[]
  readonly fields?: readonly string[]
  /** Why somebody looked, what data left for, or on what ground somebody was erased. */
  readonly reason?: Reason | Ground | ExportPurpose
  readonly outcome: Outcome
  /** Every sealed group of every record a write touched, also those it left as they were. */
  readonly envelopes?: readonly EnvelopeHash[]
  readonly detail?: Detail
}

/** An entry as the log keeps it, read back from its leaf. */
export type LoggedEntry = {
  /** Milliseconds since 1970, by the clock of the node that wrote it. */
  readonly at: number
  readonly staffId: string | null
  readonly sessionId: string | null
  readonly roles: readonly string[]
  readonly action: AuditAction
  readonly entity: AuditTarget
  readonly ids: readonly string[]
  readonly subjects: readonly number[]
  readonly fields: readonly string[]
  readonly reason: Reason | Ground | ExportPurpose | null
  readonly outcome: Outcome
  readonly envelopes: readonly EnvelopeHash[]
  /** Salted SHA-256 of the sealed detail. */
  readonly detailCommitment: Uint8Array | null
  /** Above 1,000 subjects `ids` and `subjects` are empty here, and this commits to the chunks that hold them. */
  readonly list: { readonly count: number; readonly root: Uint8Array } | null
}
