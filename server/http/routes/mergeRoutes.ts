import Type from 'typebox'
import { duplicateReasons } from '../../store/duplicatePairs.ts'
import { dismissDuplicate, listDuplicates, startDuplicates } from '../../actions/customers/duplicates.ts'
import { mergeCustomers } from '../../actions/customers/mergeCustomers.ts'
import type { Parts } from '../../actions/parts.ts'
import { readListQuery } from '../../actions/records/listQuery.ts'
import { type AnyRoute, route } from '../route.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const id = Type.String({ maxLength: 36 })
const version = Type.Integer({ minimum: 1 })

const twin = Type.Object({
  id: text,
  version: Type.Integer(),
  name: text,
  phones: Type.Array(text),
  addresses: Type.Array(text),
  storeId: text,
  ownerId: Type.Union([text, Type.Null()]),
  createdAt: text,
})
const pairs = Type.Object({
  items: Type.Array(Type.Object({ reasons: Type.Array(Type.Enum(duplicateReasons)), foundAt: text, customers: Type.Array(twin) })),
  total: Type.Integer(),
})
const mergeBody = Type.Object(
  {
    version,
    others: Type.Array(Type.Object({ id, version }, closed), { minItems: 1, maxItems: 9 }),
    choices: Type.Optional(
      Type.Record(Type.String({ maxLength: 40 }), id, {
        description: 'By field: whose value it keeps, or all where they can stand together',
      }),
    ),
  },
  closed,
)

/** Customers who are, or may be, the same. */
export const mergeRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/customers/:id/merge',
    need: { entity: 'customer', action: 'merge' },
    answer: Type.Object({ id: text, jobId: text }),
    body: mergeBody,
    summary: 'Merge customers who are the same into this one; the job can be undone',
    handle: async ({ scope, params, body, wrote }) => {
      const { view, jobId, position } = await mergeCustomers(parts(), scope, params['id'] ?? '', { ...body, choices: body.choices ?? {} })
      wrote(position)
      return { id: view.id, jobId }
    },
  }),
  route({
    method: 'GET',
    path: '/api/duplicates',
    need: { entity: 'customer', action: 'merge' },
    answer: pairs,
    query: ['page', 'pageSize', 'cursor', 'customer'],
    summary: 'Customers who may be the same, in pairs',
    handle: async ({ scope, query }) => {
      const of = query.get('customer')
      const rest = new URLSearchParams([...query].filter(([name]) => name !== 'customer'))
      const { offset, limit } = readListQuery(scope, rest)
      return listDuplicates(parts(), scope, { offset, limit, of })
    },
  }),
  route({
    method: 'POST',
    path: '/api/duplicates/search',
    need: { entity: 'customer', action: 'merge' },
    answer: Type.Object({ id: text }),
    status: 202,
    summary: 'Look for customers who may be the same',
    handle: async ({ actor }) => startDuplicates(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/duplicates/dismiss',
    need: { entity: 'customer', action: 'merge' },
    answer: 'none',
    body: Type.Object({ a: id, b: id, back: Type.Boolean() }, closed),
    summary: 'Say that two are different people, or take that back',
    handle: async ({ scope, body }) => dismissDuplicate(parts(), scope, body),
  }),
]
