import Type from 'typebox'
import { exportFormatIds, exportPurposeIds } from '../../../domain/export/terms.ts'
import { askedExports, decideExport } from '../../actions/exports/decideExport.ts'
import { planExport, startExport } from '../../actions/exports/askExport.ts'
import { ownExport, ownExports, statusesOf } from '../../actions/exports/exportStatus.ts'
import { readLimits, writeLimits } from '../../actions/exports/limits.ts'
import { recallExport, showPassphrase, takeFile } from '../../actions/exports/takeFile.ts'
import { mostIds } from '../../actions/records/readSelection.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'
import { idOf } from './idOf.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const whole = Type.Integer()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const status = Type.Object({
  id: text,
  staffId: text,
  state: text,
  problem: orNull(text),
  format: text,
  lock: text,
  purpose: text,
  fields: Type.Array(text),
  rows: whole,
  done: whole,
  exported: whole,
  missing: whole,
  damaged: whole,
  bytes: orNull(whole),
  fileName: text,
  askedAt: text,
  readyAt: orNull(text),
  expiresAt: orNull(text),
  downloadsLeft: whole,
  hasPassphrase: Type.Boolean(),
  approval: orNull(
    Type.Object({
      id: text,
      state: text,
      expiresAt: text,
      selfAfter: orNull(text),
      selfNow: Type.Boolean(),
      decisions: Type.Array(Type.Object({ staffId: text, verdict: text, at: text, reason: orNull(text) })),
    }),
  ),
})
const preview = Type.Object({
  exportId: orNull(text),
  count: whole,
  refused: Type.Object({ count: whole, reasons: Type.Record(text, whole) }),
  columns: Type.Array(Type.Object({ name: text, class: text, open: whole, masked: whole })),
  approval: Type.Object({ needed: Type.Boolean(), others: whole, self: Type.Boolean(), threshold: whole }),
  quota: Type.Object({ rowsLeft: whole, filesLeft: whole }),
})
const ask = Type.Object(
  {
    entity: Type.Literal('customer'),
    select: Type.Object(
      {
        ids: Type.Optional(Type.Array(Type.String({ maxLength: 36 }), { minItems: 1, maxItems: mostIds })),
        query: Type.Optional(
          Type.String({ maxLength: 2_000, description: 'The query of the list, as in GET /api/customers; all that match' }),
        ),
      },
      closed,
    ),
    fields: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 40 }),
    format: Type.Enum(exportFormatIds),
    purpose: Type.Enum(exportPurposeIds),
    note: Type.Optional(Type.String({ maxLength: 500 })),
    language: Type.Enum(['zh', 'en'] as const),
  },
  closed,
)
const limits = Type.Object(
  {
    threshold: whole,
    rowsPerDay: whole,
    rowsPerDayOf: Type.Record(Type.String({ maxLength: 40 }), whole),
    filesPerDay: whole,
  },
  closed,
)
const asked = Type.Object({
  id: text,
  exportId: text,
  state: text,
  askedBy: text,
  askedAt: text,
  expiresAt: text,
  own: Type.Boolean(),
  selfAfter: orNull(text),
  mine: Type.Boolean(),
  deviation: Type.Boolean(),
  decidedBy: orNull(text),
  decidedAt: orNull(text),
  purpose: text,
  note: orNull(text),
  rows: whole,
  fields: Type.Array(text),
  format: text,
  stores: Type.Array(Type.Object({ id: orNull(text), count: whole })),
})

/** Data that leaves as a file: asking, agreeing, fetching, taking back. */
export const exportRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/exports/preview',
    need: { entity: 'customer', action: 'export' },
    answer: preview,
    body: ask,
    bodyLimit: 1024 * 1024,
    summary: 'What an export would be: who leaves, what is masked, whether somebody has to agree, what is left of the day',
    handle: async ({ scope, body, position }) => ({ exportId: null, ...(await planExport(parts(), scope, body, Number(position))) }),
  }),
  route({
    method: 'POST',
    path: '/api/exports',
    need: { entity: 'customer', action: 'export' },
    fresh: true,
    answer: preview,
    body: ask,
    bodyLimit: 1024 * 1024,
    summary: 'Export customers: it begins, or waits for agreement',
    handle: async ({ scope, body, position }) => startExport(parts(), scope, body, Number(position)),
  }),
  route({
    method: 'GET',
    path: '/api/exports',
    need: 'session',
    answer: Type.Object({ items: Type.Array(status) }),
    summary: 'One’s own exports, newest first',
    handle: async ({ actor }) => ({ items: await ownExports(parts(), actor) }),
  }),
  route({
    method: 'GET',
    path: '/api/exports/:id',
    need: 'session',
    answer: status,
    summary: 'One of one’s own exports',
    handle: async ({ actor, params }) => (await statusesOf(parts(), [await ownExport(parts(), actor, idOf(params))]))[0]!,
  }),
  route({
    method: 'GET',
    path: '/api/exports/:id/file',
    need: { entity: 'customer', action: 'export' },
    answer: 'download',
    summary: 'The file of one’s own export: three times at most, within 24 hours',
    handle: async ({ actor, params }) => takeFile(parts(), actor, idOf(params)),
  }),
  route({
    method: 'POST',
    path: '/api/exports/:id/passphrase',
    fresh: true,
    need: { entity: 'customer', action: 'export' },
    answer: Type.Object({ passphrase: text }),
    summary: 'The passphrase of one’s own export, once',
    handle: async ({ actor, params }) => ({ passphrase: await showPassphrase(parts(), actor, idOf(params)) }),
  }),
  route({
    method: 'POST',
    path: '/api/exports/:id/recall',
    need: 'session',
    answer: 'none',
    summary: 'Take an export back: its file is deleted',
    handle: async ({ actor, params }) => recallExport(parts(), actor, idOf(params)),
  }),
  route({
    method: 'GET',
    path: '/api/exports/limits',
    need: 'session',
    answer: limits,
    summary: 'What may leave without agreement, and in a day',
    handle: async () => readLimits(parts()),
  }),
  route({
    method: 'PUT',
    path: '/api/exports/limits',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: limits,
    body: limits,
    summary: 'Set what may leave without agreement, and in a day',
    handle: async ({ actor, body }) => writeLimits(parts(), actor, body),
  }),
  route({
    method: 'GET',
    path: '/api/approvals',
    need: { duty: 'access.approve' },
    answer: Type.Object({ items: Type.Array(asked) }),
    summary: 'What others asked for, and one could agree to',
    handle: async ({ actor }) => ({ items: await askedExports(parts(), actor) }),
  }),
  route({
    method: 'POST',
    path: '/api/approvals/:id',
    fresh: true,
    need: { duty: 'access.approve' },
    answer: 'none',
    body: Type.Object(
      { verdict: Type.Enum(['approve', 'refuse'] as const), reason: Type.Optional(Type.String({ maxLength: 500 })) },
      closed,
    ),
    summary: 'Agree to what somebody asked for, or refuse it',
    handle: async ({ actor, params, body }) => decideExport(parts(), actor, idOf(params), body),
  }),
]
