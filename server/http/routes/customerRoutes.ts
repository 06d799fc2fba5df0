import Type from 'typebox'
import { decide } from '../../../domain/policy/decide.ts'
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
    method: 'GET',
    path: '/api/customers/:id/privacy',
    need: { entity: 'customer' },
    answer: lens,
    summary: 'Who looked, which key, until when',
    handle: async ({ scope, params }) => privacyLens(parts(), scope, params['id'] ?? ''),
  }),
]
