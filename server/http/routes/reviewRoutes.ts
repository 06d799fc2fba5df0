import Type from 'typebox'
import { longestToken } from '../../../domain/policy/longestToken.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import { closeReview, decideReview } from '../../actions/access/decideReview.ts'
import { openReview } from '../../actions/access/openReview.ts'
import { listReviews, readReview } from '../../actions/access/readReview.ts'
import { addToken, listPrograms, registerProgram, revokeToken } from '../../actions/access/servicePrograms.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'
import { idOf } from './idOf.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const texts = Type.Array(text)
const maybe = Type.Union([text, Type.Null()])
const id = Type.String({ format: 'uuid' })

const info = { id: text, kind: text, openedAt: text, dueAt: text, closedAt: maybe, lines: Type.Integer(), undecided: Type.Integer() }
const line = Type.Object({
  staffId: text,
  role: text,
  storeIds: texts,
  decision: Type.Union([Type.Literal('keep'), Type.Literal('remove'), Type.Literal('expired'), Type.Literal('exempt'), Type.Null()]),
  decidedBy: maybe,
  decidedAt: maybe,
  lastAct: maybe,
  unused: texts,
  peers: Type.Integer(),
  unusual: Type.Boolean(),
  own: Type.Boolean(),
})
const review = Type.Object({ ...info, items: Type.Array(line), hasty: texts, report: maybe, seal: maybe })
const token = Type.Object({
  id: text,
  readOnly: Type.Boolean(),
  addresses: texts,
  createdAt: text,
  expiresAt: text,
  lastUsedAt: maybe,
})
const programs = Type.Object({
  items: Type.Array(
    Type.Object({
      id: text,
      name: maybe,
      ownerId: text,
      purpose: text,
      roles: texts,
      storeIds: texts,
      createdAt: text,
      suspended: Type.Boolean(),
      tokens: Type.Array(token),
    }),
  ),
})

/** Reviews of who may what, and the programs that may ask. */
export const reviewRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/reviews',
    need: { anyDuty: ['access.manage', 'audit.read'] },
    answer: Type.Object({ items: Type.Array(Type.Object(info)) }),
    summary: 'Reviews of who may what',
    handle: async () => listReviews(parts()),
  }),
  route({
    method: 'POST',
    path: '/api/reviews',
    need: { duty: 'access.manage' },
    answer: Type.Object({ id: text }),
    status: 201,
    body: Type.Object({ kind: Type.Enum(['privileged', 'all'] as const) }, closed),
    summary: 'Open a review before the calendar does',
    handle: async ({ actor, body, wrote }) => {
      const { id: made, position } = await openReview(parts(), actor, body.kind, new Date())
      wrote(position)
      return { id: made }
    },
  }),
  route({
    method: 'GET',
    path: '/api/reviews/:id',
    need: { anyDuty: ['access.manage', 'audit.read'] },
    answer: review,
    summary: 'A review, with what helps to decide',
    handle: async ({ actor, params }) => readReview(parts(), actor, idOf(params), hasDuty(actor, 'access.manage')),
  }),
  route({
    method: 'POST',
    path: '/api/reviews/:id/decide',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: 'none',
    body: Type.Object({ staffId: id, role: Type.String({ maxLength: 40 }), decision: Type.Enum(['keep', 'remove'] as const) }, closed),
    summary: 'Keep or take one role of one person',
    handle: async ({ actor, params, body, wrote }) => wrote((await decideReview(parts(), actor, idOf(params), body)).position),
  }),
  route({
    method: 'POST',
    path: '/api/reviews/:id/close',
    need: { duty: 'access.manage' },
    answer: 'none',
    summary: 'Close a review that is decided or due',
    handle: async ({ actor, params, wrote }) => wrote((await closeReview(parts(), actor, idOf(params), new Date())).position),
  }),
  route({
    method: 'GET',
    path: '/api/programs',
    need: { anyDuty: ['access.manage', 'staff.manage', 'audit.read'] },
    answer: programs,
    summary: 'Programs that may ask, their owners and purposes',
    handle: async ({ actor }) => listPrograms(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/programs',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: Type.Object({ id: text }),
    status: 201,
    body: Type.Object(
      {
        login: Type.String({ minLength: 1, maxLength: 40 }),
        name: Type.String({ minLength: 1, maxLength: 60 }),
        ownerId: id,
        purpose: Type.String({ maxLength: 200 }),
        roles: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 }),
        storeIds: Type.Array(id, { maxItems: 200 }),
      },
      closed,
    ),
    summary: 'Register a program, with an owner and a purpose',
    handle: async ({ actor, body, wrote }) => {
      const { id: made, position } = await registerProgram(parts(), actor, body)
      wrote(position)
      return { id: made }
    },
  }),
  route({
    method: 'POST',
    path: '/api/programs/:id/tokens',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: Type.Object({ id: text, token: text, expiresAt: text }),
    status: 201,
    body: Type.Object(
      {
        readOnly: Type.Boolean(),
        addresses: Type.Array(Type.String({ maxLength: 50 }), { maxItems: 50 }),
        days: Type.Integer({ minimum: 1, maximum: longestToken }),
      },
      closed,
    ),
    summary: 'Make a token, which is answered once',
    handle: async ({ actor, params, body, wrote }) => {
      const { position, ...made } = await addToken(parts(), actor, idOf(params), body)
      wrote(position)
      return made
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/tokens/:id',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: 'none',
    summary: 'Revoke a token',
    handle: async ({ actor, params, wrote }) => wrote((await revokeToken(parts(), actor, idOf(params))).position),
  }),
]
