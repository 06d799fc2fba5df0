import Type from 'typebox'
import { type Ground, grounds } from '../../../domain/privacy/grounds.ts'
import { isReason, reasons } from '../../../domain/audit/reasons.ts'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Use } from '../../../domain/policy/role.ts'
import type { Parts } from '../../actions/parts.ts'
import { changeRecord } from '../../actions/records/changeRecord.ts'
import { createRecords } from '../../actions/records/createRecords.ts'
import { eraseRecord } from '../../actions/records/eraseRecord.ts'
import { listParameters, readListQuery, readShow } from '../../actions/records/listQuery.ts'
import { listRecords } from '../../actions/records/listRecords.ts'
import { readBriefly } from '../../actions/records/readBriefly.ts'
import { readRecord } from '../../actions/records/readRecord.ts'
import { revealFields } from '../../actions/records/revealFields.ts'
import { trashRecord } from '../../actions/records/trashRecord.ts'
import { useField } from '../../actions/records/useField.ts'
import { requireFresh } from '../../auth/stepUp.ts'
import { type AnyRoute, route } from '../route.ts'
import { idOf } from './idOf.ts'

const closed = { additionalProperties: false } as const
const version = Type.Integer({ minimum: 1 })
const versionBody = Type.Object({ version }, closed)
const uses: readonly Use[] = ['call', 'message', 'copy', 'navigate']

const eraseBody = Type.Object(
  { version, reason: Type.String({ minLength: 1, maxLength: 500 }), ground: Type.Optional(Type.Enum(Object.keys(grounds) as Ground[])) },
  closed,
)
const certificate = Type.Object({ subject: Type.Integer(), erasedAt: Type.String(), completeBy: Type.String() })
const revealBody = Type.Object(
  {
    fields: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 20 }),
    reason: Type.Optional(Type.String({ maxLength: 40, description: Object.keys(reasons).join(', ') })),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
)
const revealed = Type.Object({
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String()), Type.Null()])),
  remaining: Type.Integer(),
})
const useBody = Type.Object(
  {
    field: Type.String({ maxLength: 40 }),
    index: Type.Integer({ minimum: 0, maximum: 100 }),
    use: Type.Enum(uses),
    caller: Type.Optional(Type.String({ maxLength: 40 })),
  },
  closed,
)
const usable = Type.Object({
  value: Type.String(),
  via: Type.Optional(Type.Literal('relay')),
  until: Type.Optional(Type.String()),
  binding: Type.Optional(Type.String()),
})

/** What every entity with a search index gets by being declared: list and create, and all that one record has. */
export const recordRoutes = (entity: EntityName, parts: () => Parts): AnyRoute[] => {
  const base = `/api/${catalogue[entity].plural}` as const
  return [
    route({
      method: 'GET',
      path: base,
      need: { entity },
      answer: 'page',
      query: listParameters,
      summary: 'List, search, filter, sort',
      handle: async ({ scope, query, position, signal }) =>
        listRecords(parts(), scope, readListQuery(scope, query), Number(position), signal),
    }),
    route({
      method: 'POST',
      path: base,
      need: { entity, action: 'create' },
      answer: 'view',
      status: 201,
      body: 'catalogue',
      summary: 'Create one',
      handle: async ({ scope, body, wrote }) => {
        const { views, position } = await createRecords(parts(), scope, [body])
        wrote(position)
        return views[0]!
      },
    }),
    route({
      method: 'POST',
      path: `${base}/batch`,
      need: { entity, action: 'create' },
      answer: 'views',
      status: 201,
      summary: 'Create many, all or none',
      body: Type.Object({ items: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1_000 }) }, closed),
      handle: async ({ scope, body, wrote }) => {
        const { views, position } = await createRecords(parts(), scope, body.items)
        wrote(position)
        return { items: views }
      },
    }),
    ...oneRecordRoutes(entity, parts),
  ]
}

/** Opening masked values of a record for a reason: of a person, and of what hangs below one. */
export const revealRoute = (entity: EntityName, parts: () => Parts): AnyRoute =>
  route({
    method: 'POST',
    path: `/api/${catalogue[entity].plural}/:id/reveal`,
    need: { entity },
    answer: revealed,
    body: revealBody,
    summary: 'Open masked values for a reason',
    handle: async ({ scope, session, params, body }) => {
      const { fields, reason, note } = body
      if (reason === undefined || reason === '') throw new AppError('reason_required')
      if (!isReason(reason)) throw new AppError('input_invalid', { problems: [{ field: 'reason', problem: 'not_an_option' }] })
      const why = { fields, reason, requireFresh: () => requireFresh(session), ...(note === undefined ? {} : { note }) }
      return revealFields(parts(), scope, idOf(params), why)
    },
  })

/** What one record of a person has: read, change, trash, erase, reveal, use. */
export const oneRecordRoutes = (entity: EntityName, parts: () => Parts): AnyRoute[] => {
  const one = `/api/${catalogue[entity].plural}/:id` as const
  return [
    route({
      method: 'GET',
      path: one,
      need: { entity },
      answer: 'view',
      query: ['show'],
      summary: 'Read one',
      handle: async ({ scope, params, query }) =>
        readShow(query) === 'brief' ? readBriefly(parts(), scope, idOf(params)) : readRecord(parts(), scope, idOf(params)),
    }),
    route({
      method: 'PATCH',
      path: one,
      need: { entity, action: 'update' },
      answer: 'view',
      body: 'catalogue',
      summary: 'Change one',
      handle: async ({ scope, params, body, wrote }) => {
        const { view, position } = await changeRecord(parts(), scope, idOf(params), body)
        wrote(position)
        return view
      },
    }),
    route({
      method: 'DELETE',
      path: one,
      need: { entity, action: 'trash' },
      answer: 'view',
      body: versionBody,
      summary: 'Put in the trash',
      handle: async ({ scope, params, body, wrote }) => {
        const { view, position } = await trashRecord(parts(), scope, idOf(params), { version: body.version, action: 'trash' })
        wrote(position)
        return view
      },
    }),
    route({
      method: 'POST',
      path: `${one}/restore`,
      need: { entity, action: 'restore' },
      answer: 'view',
      body: versionBody,
      summary: 'Take out of the trash',
      handle: async ({ scope, params, body, wrote }) => {
        const { view, position } = await trashRecord(parts(), scope, idOf(params), { version: body.version, action: 'restore' })
        wrote(position)
        return view
      },
    }),
    route({
      method: 'POST',
      path: `${one}/erase`,
      need: { entity, action: 'erase' },
      fresh: true,
      answer: certificate,
      body: eraseBody,
      summary: 'Destroy the key of this person',
      handle: async ({ scope, params, body, wrote }) => {
        const { certificate: given, position } = await eraseRecord(parts(), scope, idOf(params), body)
        wrote(position)
        return { ...given }
      },
    }),
    revealRoute(entity, parts),
    route({
      method: 'POST',
      path: `${one}/use`,
      need: { entity },
      answer: usable,
      body: useBody,
      summary: 'Call, message, copy or navigate without displaying',
      handle: async ({ scope, params, body }) => useField(parts(), scope, idOf(params), body),
    }),
  ]
}
