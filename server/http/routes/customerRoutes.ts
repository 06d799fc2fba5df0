import Type from 'typebox'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import { AppError } from '../../../domain/errors.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { addBelow } from '../../actions/customers/addBelow.ts'
import { addConversation } from '../../actions/customers/addConversation.ts'
import { listBelow } from '../../actions/customers/listBelow.ts'
import { privacyLens } from '../../actions/customers/privacyLens.ts'
import type { Parts } from '../../actions/parts.ts'
import { readListQuery } from '../../actions/records/listQuery.ts'
import type { ListQuery } from '../../store/reads.ts'
import { type AnyRoute, route } from '../route.ts'
import { oneRecordRoutes, revealRoute } from './recordRoutes.ts'

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

type Below = Extract<EntityName, 'interaction' | 'contact' | 'consent'>

/** What hangs below a customer, each in the order it is read in. */
const below: Readonly<Record<Below, { order: Pick<ListQuery, 'orderBy' | 'descending'>; list: string; add: string }>> = {
  interaction: { order: { orderBy: 'happenedAt', descending: true }, list: 'Timeline, newest first', add: 'Add to the timeline' },
  contact: { order: { orderBy: 'createdAt' }, list: 'People of the household or organisation', add: 'Add a person' },
  consent: {
    order: { orderBy: 'happenedAt', descending: true },
    list: 'Consents and refusals, newest first',
    add: 'Record a consent or refusal',
  },
}

const belowRoutes = (entity: Below, parts: () => Parts): AnyRoute[] => {
  const path = `/api/customers/:id/${catalogue[entity].plural}` as const
  return [
    route({
      method: 'GET',
      path,
      need: { entity },
      answer: 'page',
      // Only people go into the trash one by one.
      query: ['page', 'pageSize', 'cursor', ...(entity === 'contact' ? ['filter'] : [])],
      summary: below[entity].list,
      handle: async ({ actor, scope, params, query }) => {
        const scopes = { customer: decide(actor, 'customer'), below: scope }
        const other = [...query.keys()].find((key) => key.startsWith('filter') && key !== 'filter[trashed]')
        if (other !== undefined) throw new AppError('unknown_key', { key: other.slice(0, 64) })
        return listBelow(parts(), scopes, params['id'] ?? '', below[entity].order, readListQuery(scope, query))
      },
    }),
    route({
      method: 'POST',
      path,
      need: { entity, action: 'create' },
      answer: 'view',
      status: 201,
      body: 'catalogue',
      summary: below[entity].add,
      handle: async ({ scope, params, body, wrote }) => {
        const { view, position } = await addBelow(parts(), scope, params['id'] ?? '', body)
        wrote(position)
        return view
      },
    }),
  ]
}

/** What customers have beyond every other entity: a timeline, contacts, consents and the privacy lens. */
export const customerRoutes = (parts: () => Parts): AnyRoute[] => [
  ...belowRoutes('interaction', parts),
  ...belowRoutes('contact', parts),
  ...belowRoutes('consent', parts),
  ...oneRecordRoutes('contact', parts),
  revealRoute('interaction', parts),
  revealRoute('consent', parts),
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
