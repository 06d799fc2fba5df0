import Type from 'typebox'
import { mostShareDays } from '../../../domain/export/shares.ts'
import { fileNameOf } from '../../actions/exports/exportStatus.ts'
import { recallShare, shareLines } from '../../actions/shares/listShares.ts'
import { makeShare } from '../../actions/shares/makeShare.ts'
import { fetchShared, openShare, type Visitor } from '../../actions/shares/openShare.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const whole = Type.Integer()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const make = Type.Object(
  {
    kind: Type.Enum(['export', 'customer'] as const),
    target: Type.String({ maxLength: 36 }),
    fields: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 40 })),
    recipient: Type.Object({ name: Type.String({ maxLength: 100 }), contact: Type.String({ maxLength: 200 }) }, closed),
    days: Type.Integer({ minimum: 1, maximum: mostShareDays }),
    language: Type.Enum(['zh', 'en'] as const),
  },
  closed,
)
const line = Type.Object({
  id: text,
  kind: text,
  target: text,
  fields: Type.Array(text),
  staffId: text,
  recipient: Type.Object({ name: text, contact: text }),
  createdAt: text,
  expiresAt: text,
  state: text,
  recalledAt: orNull(text),
  openings: Type.Array(Type.Object({ at: text, outcome: text, from: orNull(text) })),
})
const visit = Type.Object({ token: Type.String({ maxLength: 64 }), pin: Type.String({ maxLength: 12 }) }, closed)
const shared = Type.Object({
  kind: text,
  watermark: text,
  sharer: text,
  expiresAt: text,
  items: Type.Array(Type.Object({ label: text, values: Type.Array(text) })),
  file: orNull(Type.Object({ rows: whole, bytes: whole, lock: text, fetchesLeft: whole })),
})

const visitorOf = ({ body, address }: { body: { token: string; pin: string }; address: string | null }): Visitor => ({
  token: body.token,
  // As it may be typed on a phone, with blanks or in full width.
  pin: body.pin.normalize('NFKC').replaceAll(/\D/g, ''),
  from: address,
})

/** Links instead of files by mail: making, listing and taking back; and opening them, which asks for nothing but the link and its PIN. */
export const shareRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/shares',
    need: { entity: 'customer', action: 'export' },
    fresh: true,
    answer: Type.Object({ id: text, token: text, pin: text, expiresAt: text }),
    status: 201,
    body: make,
    summary: 'Share an export, or chosen fields of a customer, by a link; link and PIN are told once',
    handle: async ({ scope, body }) => makeShare(parts(), scope, body),
  }),
  route({
    method: 'GET',
    path: '/api/shares',
    need: 'session',
    answer: Type.Object({ items: Type.Array(line) }),
    summary: 'Links one made, and who opened them; everybody’s for those who may agree to exports',
    handle: async ({ actor }) => ({ items: await shareLines(parts(), actor) }),
  }),
  route({
    method: 'POST',
    path: '/api/shares/:id/recall',
    need: 'session',
    answer: 'none',
    summary: 'Take a link back',
    handle: async ({ actor, params }) => recallShare(parts(), actor, params['id'] ?? ''),
  }),
  route({
    method: 'POST',
    path: '/api/shared/open',
    need: 'public',
    answer: shared,
    body: visit,
    bodyLimit: 1024,
    summary: 'What a shared link shows, to who has it and its PIN',
    handle: async (asked) => openShare(parts(), visitorOf(asked)),
  }),
  route({
    method: 'POST',
    path: '/api/shared/file',
    need: 'public',
    answer: 'download',
    body: visit,
    bodyLimit: 1024,
    summary: 'The closed file of a shared export, three times at most',
    handle: async (asked) => {
      const { row, content } = await fetchShared(parts(), visitorOf(asked))
      return { contentType: 'application/octet-stream', fileName: fileNameOf(row), content }
    },
  }),
]
