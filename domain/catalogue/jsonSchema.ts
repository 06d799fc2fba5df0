import { maxItems } from './check.ts'
import type { Entity } from './entity.ts'
import type { Field } from './field.ts'
import * as patterns from './patterns.ts'

/** A JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it), of which the catalogue needs little. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly title?: string
  readonly description?: string
  readonly enum?: readonly (string | null)[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
}

// One expression for the three rules of check.ts, since a schema has one pattern: not blank, no mask, no forbidden characters.
const textPattern = (characters: string): string =>
  `^(?=[^]*${patterns.notBlank})(?![^]*${patterns.maskDots})${characters.replace(/^\^/, '').replace(/\$$/, '')}$`

const scalarSchema = (field: Field): JsonSchema => {
  switch (field.kind) {
    case 'text':
    case 'address':
      return { type: 'string', maxLength: field.max, pattern: textPattern(patterns.lineOnly) }
    case 'longText':
      return { type: 'string', maxLength: field.max, pattern: textPattern(patterns.linesOnly) }
    case 'phone':
      return { type: 'string', maxLength: field.max, pattern: patterns.e164 }
    case 'email':
      return { type: 'string', maxLength: field.max, format: 'idn-email', pattern: textPattern(patterns.lineOnly) }
    case 'date':
      return { type: 'string', format: 'date', pattern: patterns.day }
    case 'timestamp':
      return { type: 'string', format: 'date-time', pattern: patterns.instant }
    case 'ref':
      return { type: 'string', format: 'uuid', pattern: patterns.uuid }
    case 'choice':
      return { type: 'string', enum: Object.keys(field.values ?? {}) }
    case 'integer':
      return { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
    case 'flag':
      return { type: 'boolean' }
  }
}

const orNull = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  type: [schema.type as string, 'null'],
  ...(schema.enum ? { enum: [...schema.enum, null] } : {}),
})

const titled = (field: Field, schema: JsonSchema): JsonSchema => ({ title: field.label.en, description: field.label.zh, ...schema })

const inputProperty = (field: Field): JsonSchema => {
  const schema = scalarSchema(field)
  return titled(field, field.many ? { type: 'array', maxItems, items: schema } : field.optional ? orNull(schema) : schema)
}

const properties = (entity: Entity, make: (field: Field) => JsonSchema | null): Record<string, JsonSchema> =>
  Object.fromEntries(
    Object.entries(entity.fields).flatMap(([name, field]) => {
      const schema = make(field)
      return schema ? [[name, schema]] : []
    }),
  )

/** Returns the schema of what creates a record. It accepts the same structures as `checkInput(entity, input, 'create')`. */
export const inputSchema = (entity: Entity): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(entity.fields).filter((name) => !entity.fields[name]!.optional && !entity.fields[name]!.many),
  properties: properties(entity, inputProperty),
})

/** Returns the schema of what changes a record, without the `version` that HTTP adds. It accepts the same structures as `checkInput(…, 'update')`. */
export const patchSchema = (entity: Entity): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties: properties(entity, inputProperty),
})

const masked: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['masked'],
  properties: { masked: { type: 'string', description: 'What may be shown; the value needs a reveal.' } },
}

// What is stored was checked when it came in; a schema of what goes out says types only, so that an old value never breaks an answer.
const viewProperty = (field: Field): JsonSchema | null => {
  if (field.class === 'secret') return null
  const bare: JsonSchema = { type: scalarSchema(field).type as string }
  const one: JsonSchema = field.class === 'public' || field.class === 'internal' ? bare : { anyOf: [bare, masked] }
  if (field.many) return titled(field, { type: 'array', items: one })
  return titled(field, field.optional ? { anyOf: [...(one.anyOf ?? [one]), { type: 'null' }] } : one)
}

/** Returns the schema of what leaves the server of a record. Secrets are not in it; any field may be absent, for whoever may not know of it. */
export const viewSchema = (entity: Entity): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: ['id', 'version', 'createdAt', 'updatedAt', 'trashedAt'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    version: { type: 'integer', description: 'Send it back with a change: a stale one is refused.' },
    createdAt: { type: 'string', format: 'date-time' },
    updatedAt: { type: 'string', format: 'date-time' },
    trashedAt: { type: ['string', 'null'], format: 'date-time' },
    ...properties(entity, viewProperty),
  },
})
