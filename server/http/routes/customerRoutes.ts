import Type from 'typebox'
import { decide } from '../../../domain/policy/decide.ts'
import { addConversation } from '../../actions/customers/addConversation.ts'
import { addInteraction } from '../../actions/customers/addInteraction.ts'
import { listInteractions } from '../../actions/customers/listInteractions.ts'
import { privacyLens } from '../../actions/customers/privacyLens.ts'
import type { Parts } from '../../actions/parts.ts'
import { readListQuery } from '../../actions/records/listQuery.ts'
import { type AnyRoute, route } from '../route.ts'

const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const text = Type.String()

const lens = Type.Object({
  subject: Type.Integer(),
  key: orNull(Type.Object({ id: text, epoch: Type.Integer(), version: Type.Integer(), suite: Type.Integer(), sealedAt: text })),
  looks: Type.Array(
    Type.Object({
      at: text,
      staffId: text,
      staffName: orNull(text),
      action: text,
      reason: orNull(text),
      fields: Type.Array(text),
      count: Type.Integer(),
    }),
  ),
  retainUntil: orNull(text),
})

/** Most days of one paste, and characters of one: an entry of the timeline holds 4,000, and surrogates count double. */
const conversation = Type.Object(
  {
    days: Type.Array(
      Type.Object(
        { happenedAt: Type.String({ maxLength: 40 }), text: Type.String({ minLength: 1, maxLength: 8_000 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  { additionalProperties: false },
)

/** What customers have beyond every other entity: a timeline and the privacy lens. */
export const customerRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/customers/:id/interactions',
    need: { entity: 'interaction' },
    answer: 'page',
    query: ['page', 'pageSize', 'cursor'],
    summary: 'Timeline, newest first',
    handle: async ({ actor, scope, params, query }) =>
      listInteractions(
        parts(),
        { customer: decide(actor, 'customer'), interaction: scope },
        params['id'] ?? '',
        readListQuery(scope, query),
      ),
  }),
  route({
    method: 'POST',
    path: '/api/customers/:id/interactions',
    need: { entity: 'interaction', action: 'create' },
    answer: 'view',
    status: 201,
    body: 'catalogue',
    summary: 'Add to the timeline',
    handle: async ({ scope, params, body, wrote }) => {
      const { view, position } = await addInteraction(parts(), scope, params['id'] ?? '', body)
      wrote(position)
      return view
    },
  }),
  route({
    method: 'POST',
    path: '/api/customers/:id/conversations',
    need: { entity: 'interaction', action: 'create' },
    answer: Type.Object({ created: Type.Integer(), skipped: Type.Integer() }),
    status: 201,
    body: conversation,
    bodyLimit: 2 * 1024 * 1024,
    summary: 'Add days of a WeChat chat to the timeline, without what is there already',
    handle: async ({ scope, params, body, wrote }) => {
      const { views, skipped, position } = await addConversation(parts(), scope, params['id'] ?? '', body.days)
      wrote(position)
      return { created: views.length, skipped }
    },
  }),
  route({
    method: 'GET',
    path: '/api/customers/:id/privacy',
    need: { entity: 'customer' },
    answer: lens,
    summary: 'Who looked, which key, until when',
    handle: async ({ scope, params }) => privacyLens(parts(), scope, params['id'] ?? ''),
  }),
]
