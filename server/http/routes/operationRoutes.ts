import Type from 'typebox'
import { readAudit, readAuditFilter } from '../../actions/audit/readAudit.ts'
import { readKeys } from '../../actions/keys/readKeys.ts'
import { startReindex, startReseal, startRotation, startVerification } from '../../actions/keys/startKeyJob.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const whole = Type.Integer()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const started = Type.Object({ id: text })
const keys = Type.Object({
  provider: Type.Object({ kind: text, state: text }),
  suite: whole,
  epochs: Type.Array(Type.Object({ epoch: whole, createdAt: text, state: text, current: Type.Boolean(), subjects: whole })),
  indexGeneration: whole,
  indexGenerations: Type.Array(whole),
  erased: whole,
  kit: orNull(Type.Object({ kitId: text, recipient: text, shares: orNull(whole), threshold: orNull(whole), provenAt: orNull(text) })),
  rotating: Type.Boolean(),
})
const entry = Type.Object({
  id: whole,
  index: orNull(whole),
  at: text,
  staffId: orNull(text),
  staffName: orNull(text),
  action: text,
  entity: text,
  ids: Type.Array(text),
  subjects: Type.Array(whole),
  count: whole,
  fields: Type.Array(text),
  reason: orNull(text),
  outcome: text,
  address: orNull(text),
  note: orNull(text),
  via: orNull(text),
})

/** Keys and the audit log: the installation's own affairs. */
export const operationRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/keys',
    need: { duty: 'keys.read' },
    answer: keys,
    summary: 'Epochs, index, recovery kit',
    handle: async () => readKeys(parts()),
  }),
  route({
    method: 'POST',
    path: '/api/keys/rotate',
    need: { duty: 'keys.manage' },
    fresh: true,
    answer: started,
    status: 202,
    summary: 'Move every data key under a new epoch, then destroy the old',
    handle: async ({ actor }) => startRotation(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/keys/reseal',
    need: { duty: 'keys.manage' },
    fresh: true,
    answer: started,
    status: 202,
    summary: 'Seal every customer anew in a suite',
    body: Type.Object({ suite: Type.Union([Type.Literal(1), Type.Literal(2)]) }, { additionalProperties: false }),
    handle: async ({ actor, body }) => startReseal(parts(), actor, body.suite),
  }),
  route({
    method: 'POST',
    path: '/api/keys/reindex',
    need: { duty: 'keys.manage' },
    fresh: true,
    answer: started,
    status: 202,
    summary: 'Give the exact index a new key',
    handle: async ({ actor }) => startReindex(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/keys/verify',
    need: { duty: 'keys.manage' },
    fresh: true,
    answer: started,
    status: 202,
    summary: 'Compare every sealed record with the audit log',
    handle: async ({ actor }) => startVerification(parts(), actor),
  }),
  route({
    method: 'GET',
    path: '/api/audit',
    need: { duty: 'audit.read' },
    answer: Type.Object({ items: Type.Array(entry), nextCursor: orNull(text) }),
    query: ['actor', 'subject', 'action', 'from', 'to', 'cursor'],
    summary: 'The log, newest first',
    handle: async ({ actor, query }) => readAudit(parts(), actor, readAuditFilter(query)),
  }),
]
