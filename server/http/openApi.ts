import { catalogue, type EntityName } from '../../domain/catalogue/all.ts'
import { inputSchema, patchSchema, viewSchema } from '../../domain/catalogue/jsonSchema.ts'
import { problems } from './problem.ts'
import type { AnyRoute } from './route.ts'

type Json = Record<string, unknown>

const problemSchema: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'requestId', 'details'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problems) },
    requestId: { type: 'string' },
    details: { type: 'object' },
    current: { type: 'object', description: 'On version_conflict: the record as it now is.' },
  },
}

const entityOf = (route: AnyRoute): EntityName | null =>
  typeof route.need === 'object' && 'entity' in route.need ? route.need.entity : null

const named = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

const answerSchema = (route: AnyRoute): Json | null => {
  const entity = entityOf(route)
  const view = entity ? reference(named(entity)) : { type: 'object' }
  if (route.answer === 'view') return view
  const items = { type: 'array', items: view }
  if (route.answer === 'views') return { type: 'object', required: ['items'], properties: { items } }
  if (route.answer === 'page') {
    return {
      type: 'object',
      required: ['items', 'total', 'nextCursor'],
      properties: {
        items,
        total: { type: 'integer' },
        nextCursor: { type: ['string', 'null'] },
        damaged: {
          type: 'array',
          items: { type: 'string' },
          description: 'Ids of records of this page that do not open; absent when all do',
        },
      },
    }
  }
  return typeof route.answer === 'object' ? (route.answer as Json) : null
}

const bodySchema = (route: AnyRoute): Json | null => {
  if (route.body === undefined) return null
  if (route.body === 'stream') return { 'application/octet-stream': {} }
  const entity = entityOf(route)
  const input = entity ? reference(`${named(entity)}${route.method === 'PATCH' ? 'Patch' : 'Input'}`) : { type: 'object' }
  return { 'application/json': { schema: route.body === 'catalogue' ? input : route.body } }
}

const parametersOf = (route: AnyRoute): Json[] => [
  ...[...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
  ...(route.query ?? []).map((name) =>
    name === 'filter'
      ? { name, in: 'query', style: 'deepObject', explode: true, schema: { type: 'object' } }
      : { name, in: 'query', schema: { type: 'string' } },
  ),
]

const successOf = (route: AnyRoute): Json => {
  if (route.answer === 'none') return { '204': { description: 'Done' } }
  const schema = answerSchema(route)
  const content = route.answer === 'download' ? { '*/*': {} } : { 'application/json': schema ? { schema } : {} }
  return { [String(route.status ?? 200)]: { description: 'Done', content } }
}

const operationOf = (route: AnyRoute): Json => {
  const body = bodySchema(route)
  return {
    summary: route.summary,
    'x-need': route.need,
    parameters: parametersOf(route),
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: {
      ...successOf(route),
      default: { description: 'Refused', content: { 'application/problem+json': { schema: reference('Problem') } } },
    },
    security: typeof route.need === 'string' && route.need !== 'session' ? [] : [{ session: [], csrf: [] }],
  }
}

/** Returns the OpenAPI 3.1 document of the routes: what the catalogue and the routes declare, nothing written beside them. */
export const openApiOf = (routes: readonly AnyRoute[], version: string): Json => {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  const schemas: Json = { Problem: problemSchema }
  for (const entity of Object.values(catalogue)) {
    schemas[named(entity.name)] = viewSchema(entity)
    schemas[`${named(entity.name)}Input`] = inputSchema(entity)
    schemas[`${named(entity.name)}Patch`] = {
      allOf: [patchSchema(entity), { type: 'object', required: ['version'], properties: { version: { type: 'integer' } } }],
    }
  }
  const securitySchemes = {
    session: { type: 'apiKey', in: 'cookie', name: 'anechoic' },
    csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' },
  }
  return { openapi: '3.1.0', info: { title: 'Anechoic', version }, paths, components: { schemas, securitySchemes } }
}
