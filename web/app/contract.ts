import type { Masked } from '../../domain/catalogue/entity.ts'
import type { ExportFormat, ExportPurpose } from '../../domain/export/terms.ts'
import type { Actor } from '../../domain/policy/actor.ts'

/** What the HTTP API answers (docs/architecture.md, HTTP API), as far as the client reads it. */

export type Phase = 'setup' | 'sealed' | 'ready'
export type State = { phase: Phase; company?: string; version: string; languages?: string[]; provider?: string; singleSignOn?: string }

/** Ways to show who one is. */
export type Way = 'password' | 'code' | 'passkey' | 'recovery'
export type Session = {
  csrfToken: string
  actor: Actor & { name?: string }
  expiresAt: string
  relay?: boolean
  deviceId: string | null
  method: string
  /** What has to be done before anything else. */
  owes: 'password' | 'factor' | null
  /** When a second factor becomes due. */
  factorDue: string | null
  methods: Way[]
}

/** Somebody with a session on this device. */
export type LockedPerson = {
  staffId: string
  name: string
  hasPin: boolean
  hasPasskey: boolean
  hasPassword: boolean
  hasCode: boolean
  current: boolean
}

/** A field's value as it arrives: open, masked, or absent. */
export type Shown = string | number | boolean | null | Masked | (string | Masked)[] | undefined

/** A view of any entity's record, read by field name. */
export type RecordView = {
  id: string
  version: number
  createdAt: string
  updatedAt: string
  trashedAt: string | null
} & { [field: string]: Shown }

/** `merged`: into whom a customer of the trash was merged. `via`: the contact that found a customer, by the customer's id. `damaged`: ids of records of this page that do not open; absent when all do. */
export type Page<T> = {
  items: T[]
  total: number
  nextCursor?: string | null
  damaged?: string[]
  merged?: Record<string, { into: string | null; name: string | null; jobId: string }>
  via?: Record<string, RecordView>
}

export type Look = {
  at: string
  staffId: string | null
  staffName?: string | null
  action: string
  reason?: string | null
  fields?: string[]
  count?: number
}
export type Lens = {
  subject: number
  key: { id: string; epoch: number; version: number; suite: number | string; sealedAt: string } | null
  looks: Look[]
  retainUntil: string | null
}

export type Revealed = { values: Record<string, string | string[] | null>; remaining: number }
export type Certificate = { subject: number; erasedAt: string; completeBy: string }

/** What the first rows of a list would become. */
export type ImportPreview = {
  preview: { row: number; values: Record<string, unknown> | null; problems: { field: string; problem: string }[] }[]
  checked: number
  problems: { problem: string; count: number }[]
}
export type Staged = ImportPreview & {
  id: string
  format: 'csv' | 'xlsx' | 'vcard'
  columns: { name: string; samples: string[] }[]
  mapping: Record<string, string | null>
  encoding: string | null
  delimiter: string | null
  sheets: string[]
  sheet: number | null
  headerLine: number | null
  head: { line: number; cells: string[] }[]
  rows: number
}

export type JobState = 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled' | 'staged'
/** What a job did, in numbers, and the first 1,000 records that it left as they were, with the reason. */
export type JobResult = {
  created?: number
  updated?: number
  skipped?: number
  refused?: number
  checked?: number
  differing?: number
  changed?: number
  unchanged?: number
  undone?: number
  found?: number
  partly?: number
  kept?: number
  exported?: number
  missing?: number
  damaged?: number
  reasons?: Record<string, number>
  list?: { id: string; entity: string; why: string; fields?: string[] }[]
}
export type Job = {
  id: string
  kind: string
  /** What a change of many does. */
  act?: string | null
  state: JobState
  done: number
  total: number | null
  startedBy?: string | null
  createdAt?: string
  finishedAt?: string | null
  problem?: string | null
  undoes?: string | null
  undoneBy?: string | null
  pausable?: boolean
  resumable?: boolean
  cancellable?: boolean
  undoable?: boolean
  result?: JobResult | null
}
/** What a change of many customers would do, or the job that does it. */
export type BulkAnswer = {
  jobId: string | null
  count: number | null
  refused: { count: number; reasons: Record<string, number> } | null
  sample: { id: string; name: string }[]
}
export type ImportJob = {
  id: string
  state: JobState
  done: number
  total: number | null
  created: number
  updated: number
  skipped: number
  refused: number
  /** Customers whose owner nobody knows, or who would not be seen by them: they wait in the pool. */
  pooled: number
  /** Customers put into the chosen store, because the list names one that is unknown or out of reach. */
  storeUnknown: number
  problem?: string | null
  problems?: { row: number; field: string; problem: string }[]
}

export type AuditEntry = {
  id: string | number
  index?: number | null
  count?: number
  address?: string | null
  note?: string | null
  via?: string | null
  at: string
  staffId?: string | null
  staffName?: string | null
  action: string
  entity?: string | null
  ids?: string[]
  subjects?: number[]
  fields?: string[]
  reason?: string | null
  outcome: string
}

export const reasons = ['call_back', 'visit', 'quote', 'complaint', 'correction', 'other'] as const
export type Reason = (typeof reasons)[number]

/** Whether a value arrived masked. */
export const isMasked = (value: unknown): value is Masked => typeof value === 'object' && value !== null && 'masked' in value

/** What an export would be, or is, when it is asked for. */
export type ExportPreview = {
  exportId: string | null
  count: number
  refused: { count: number; reasons: Record<string, number> }
  columns: { name: string; class: string; open: number; masked: number }[]
  approval: { needed: boolean; others: number; self: boolean; threshold: number }
  quota: { rowsLeft: number; filesLeft: number }
}
export type ExportState = 'waiting' | 'queued' | 'running' | 'paused' | 'ready' | 'gone' | 'refused' | 'failed' | 'cancelled'
export type ExportDecision = { staffId: string; verdict: 'approve' | 'refuse'; at: string; reason: string | null }
export type ExportStatus = {
  id: string
  staffId: string
  state: ExportState
  problem: string | null
  format: ExportFormat
  lock: 'password' | 'age'
  purpose: ExportPurpose
  fields: string[]
  rows: number
  done: number
  exported: number
  bytes: number | null
  fileName: string
  askedAt: string
  expiresAt: string | null
  downloadsLeft: number
  hasPassphrase: boolean
  approval: { id: string; state: string; expiresAt: string; selfAfter: string | null; selfNow: boolean; decisions: ExportDecision[] } | null
}
export type AskedExport = {
  id: string
  exportId: string
  state: 'open' | 'approved' | 'refused' | 'expired' | 'cancelled'
  askedBy: string
  askedAt: string
  expiresAt: string
  own: boolean
  selfAfter: string | null
  mine: boolean
  deviation: boolean
  decidedBy: string | null
  decidedAt: string | null
  purpose: ExportPurpose
  note: string | null
  rows: number
  fields: string[]
  format: ExportFormat
  stores: { id: string | null; count: number }[]
}

/** A link as its maker sees it, and who tried it. */
export type ShareLine = {
  id: string
  kind: 'export' | 'customer'
  target: string
  fields: string[]
  staffId: string
  recipient: { name: string; contact: string }
  createdAt: string
  expiresAt: string
  state: 'open' | 'recalled' | 'expired'
  openings: { at: string; outcome: 'opened' | 'downloaded' | 'pin_wrong'; from: string | null }[]
}
/** What a link shows to whom it was sent. */
export type Shared = {
  kind: 'export' | 'customer'
  watermark: string
  sharer: string
  expiresAt: string
  items: { label: string; values: string[] }[]
  file: { rows: number; bytes: number; lock: 'password' | 'age'; fetchesLeft: number } | null
}
