import Type from 'typebox'
import { customer } from '../../../domain/crm/customer.ts'
import { AppError } from '../../../domain/errors.ts'
import { duplicateWays } from '../../../domain/import/mergeImported.ts'
import { consentChannels } from '../../../domain/import/readConsent.ts'
import type { BasisId, SourceId } from '../../../domain/import/readSource.ts'
import { cancelImport } from '../../actions/imports/cancelImport.ts'
import { importOf, statusOf } from '../../actions/imports/importOf.ts'
import { refusedRows } from '../../actions/imports/refusedRows.ts'
import { previewImport, rereadImport, stageImport } from '../../actions/imports/stageImport.ts'
import { startImport } from '../../actions/imports/startImport.ts'
import type { Parts } from '../../actions/parts.ts'
import { delimiters, encodings, formats } from '../../parse/events.ts'
import { type AnyRoute, route } from '../route.ts'

/** Bytes of an uploaded list: 100,000 customers are about 15 MB, a phone's address book with photos more. */
const uploadLimit = 512 * 1024 * 1024

const text = Type.String()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const problem = Type.Object({ field: text, problem: text })
const preview = {
  preview: Type.Array(
    Type.Object({ row: Type.Integer(), values: orNull(Type.Record(text, Type.Unknown())), problems: Type.Array(problem) }),
  ),
  checked: Type.Integer(),
  problems: Type.Array(Type.Object({ problem: text, count: Type.Integer() })),
}
const staged = Type.Object({
  id: text,
  format: Type.Enum([...formats]),
  columns: Type.Array(Type.Object({ name: text, samples: Type.Array(text) })),
  mapping: Type.Record(text, orNull(text)),
  ...preview,
  encoding: orNull(text),
  delimiter: orNull(text),
  sheets: Type.Array(text),
  sheet: orNull(Type.Integer()),
  headerLine: orNull(Type.Integer()),
  head: Type.Array(Type.Object({ line: Type.Integer(), cells: Type.Array(text) })),
  rows: Type.Integer(),
})
const status = Type.Object({
  id: text,
  state: text,
  done: Type.Integer(),
  total: orNull(Type.Integer()),
  created: Type.Integer(),
  updated: Type.Integer(),
  skipped: Type.Integer(),
  refused: Type.Integer(),
  pooled: Type.Integer(),
  storeUnknown: Type.Integer(),
  problem: orNull(text),
  problems: Type.Array(Type.Object({ row: Type.Integer(), field: text, problem: text })),
})
const mapping = Type.Record(Type.String({ maxLength: 200 }), orNull(Type.String({ maxLength: 40 })))
const readBody = Type.Object(
  {
    encoding: Type.Optional(Type.Enum([...encodings])),
    delimiter: Type.Optional(Type.Enum([...delimiters])),
    sheet: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    headerLine: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  { additionalProperties: false },
)
const startBody = Type.Object(
  {
    mapping,
    storeId: Type.String({ maxLength: 36 }),
    ownerId: Type.Optional(orNull(Type.String({ maxLength: 36 }))),
    onDuplicate: Type.Enum([...duplicateWays]),
    source: Type.Optional(orNull(Type.Enum(Object.keys(customer.fields.source.values ?? {}) as SourceId[]))),
    basis: Type.Optional(orNull(Type.Enum(Object.keys(customer.fields.basis.values ?? {}) as BasisId[]))),
    consentChannels: Type.Optional(Type.Array(Type.Enum(consentChannels), { maxItems: consentChannels.length })),
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
const need = { entity: 'customer', action: 'import' } as const

/** Importing a list: stage, preview, start, follow, cancel, fetch what was refused. */
export const importRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/imports',
    need,
    answer: staged,
    status: 201,
    body: 'stream',
    bodyLimit: uploadLimit,
    query: ['kind', 'name', 'encoding'],
    summary: 'Upload a list; nothing is imported yet',
    handle: async ({ actor, body, query }) => {
      const kind = query.get('kind')
      const format = formats.find((one) => one === kind) ?? null
      if (kind !== null && format === null) throw new AppError('input_invalid', { problems: [{ field: 'kind', problem: 'not_an_option' }] })
      const asked = query.get('encoding')
      const encoding = encodings.find((one) => one === asked)
      if (asked !== null && encoding === undefined)
        throw new AppError('input_invalid', { problems: [{ field: 'encoding', problem: 'not_an_option' }] })
      return stageImport(parts(), actor, { format, ...(encoding ? { encoding } : {}) }, body)
    },
  }),
  route({
    method: 'POST',
    path: '/api/imports/:id/read',
    need,
    answer: staged,
    body: readBody,
    summary: 'Read a staged list again: another sheet, header, encoding or delimiter',
    handle: async ({ actor, params, body }) => rereadImport(parts(), actor, params['id'] ?? '', body),
  }),
  route({
    method: 'POST',
    path: '/api/imports/:id/preview',
    need,
    answer: Type.Object(preview),
    body: Type.Object({ mapping }, { additionalProperties: false }),
    summary: 'What the first rows would become with these columns',
    handle: async ({ actor, params, body }) => previewImport(parts(), actor, params['id'] ?? '', body.mapping),
  }),
  route({
    method: 'POST',
    path: '/api/imports/:id/start',
    need,
    answer: status,
    status: 202,
    body: startBody,
    summary: 'Start with the columns as confirmed',
    handle: async ({ scope, params, body }) => startImport(parts(), scope, params['id'] ?? '', body),
  }),
  route({
    method: 'GET',
    path: '/api/imports/:id',
    need,
    answer: status,
    summary: 'How it stands',
    handle: async ({ actor, params }) => statusOf(await importOf(parts(), actor, params['id'] ?? '')),
  }),
  route({
    method: 'POST',
    path: '/api/imports/:id/cancel',
    need,
    answer: status,
    summary: 'Stop; what is imported stays',
    handle: async ({ actor, params }) => cancelImport(parts(), actor, params['id'] ?? ''),
  }),
  route({
    method: 'GET',
    path: '/api/imports/:id/refused',
    need,
    answer: 'download',
    summary: 'Refused rows with reasons, as CSV',
    handle: async ({ actor, params }) => ({
      contentType: 'text/csv; charset=utf-8',
      fileName: 'refused.csv',
      content: await refusedRows(parts(), actor, params['id'] ?? ''),
    }),
  }),
]
