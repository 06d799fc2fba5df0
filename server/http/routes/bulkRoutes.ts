import Type from 'typebox'
import { bulkKinds } from '../../../domain/crm/bulkChange.ts'
import { readBulkChange } from '../../actions/bulk/readBulk.ts'
import { previewBulk } from '../../actions/bulk/previewBulk.ts'
import { startBulk } from '../../actions/bulk/startBulk.ts'
import { claimCustomer } from '../../actions/customers/claimCustomer.ts'
import { listHandovers } from '../../actions/customers/listHandovers.ts'
import { handOver } from '../../actions/customers/handOver.ts'
import type { Parts } from '../../actions/parts.ts'
import { mostIds, readSelection } from '../../actions/records/readSelection.ts'
import { type AnyRoute, route } from '../route.ts'

const closed = { additionalProperties: false } as const
const id = Type.String({ maxLength: 36 })
const version = Type.Integer({ minimum: 1 })
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const bulkBody = Type.Object(
  {
    select: Type.Object(
      {
        ids: Type.Optional(Type.Array(id, { minItems: 1, maxItems: mostIds })),
        query: Type.Optional(
          Type.String({ maxLength: 2_000, description: 'The query of the list, as in GET /api/customers; all that match' }),
        ),
      },
      closed,
    ),
    change: Type.Object({ kind: Type.Enum(bulkKinds), value: Type.Optional(Type.String({ maxLength: 200 })) }, closed),
    dryRun: Type.Boolean(),
  },
  closed,
)
const handovers = Type.Object({
  items: Type.Array(
    Type.Object({
      ownerId: Type.String(),
      storeId: Type.String(),
      reason: Type.Enum(['left', 'leaving', 'suspended', 'elsewhere'] as const),
      leavesOn: orNull(Type.String()),
      customers: Type.Integer(),
      appointments: Type.Integer(),
    }),
  ),
})
const bulkAnswer = Type.Object({
  jobId: orNull(Type.String()),
  count: orNull(Type.Integer()),
  refused: orNull(Type.Object({ count: Type.Integer(), reasons: Type.Record(Type.String(), Type.Integer()) })),
  sample: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
})

/** Many customers at once, and whose a customer is. */
export const bulkRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/customers/bulk',
    need: { entity: 'customer', action: 'update' },
    answer: bulkAnswer,
    body: bulkBody,
    bodyLimit: 1024 * 1024,
    summary: 'Change many customers: what it would do (dryRun), or the job that does it',
    handle: async ({ scope, body, position }) => {
      const change = await readBulkChange(parts(), scope, body.change)
      const ids = await readSelection(parts(), scope, body.select, Number(position))
      if (body.dryRun) return { jobId: null, ...(await previewBulk(parts(), scope, change, ids)) }
      return { jobId: await startBulk(parts(), scope, change, ids), count: null, refused: null, sample: [] }
    },
  }),
  route({
    method: 'POST',
    path: '/api/customers/:id/claim',
    need: { entity: 'customer', action: 'claim' },
    answer: 'view',
    body: Type.Object({ version }, closed),
    summary: 'Take a customer who has no owner',
    handle: async ({ scope, params, body, wrote }) => {
      const { view, position } = await claimCustomer(parts(), scope, params['id'] ?? '', body.version)
      wrote(position)
      return view
    },
  }),
  route({
    method: 'GET',
    path: '/api/handovers',
    need: { entity: 'customer', action: 'handOver' },
    answer: handovers,
    summary: 'Whose customers want another owner',
    handle: async ({ scope }) => listHandovers(parts(), scope),
  }),
  route({
    method: 'POST',
    path: '/api/customers/:id/hand-over',
    need: { entity: 'customer', action: 'handOver' },
    answer: 'view',
    body: Type.Object({ version, ownerId: orNull(id), note: Type.Optional(Type.String({ minLength: 1, maxLength: 4_000 })) }, closed),
    summary: 'Give a customer to a colleague, or into the pool of the store',
    handle: async ({ scope, params, body, wrote }) => {
      const { view, position } = await handOver(parts(), scope, params['id'] ?? '', body)
      wrote(position)
      return view
    },
  }),
]
