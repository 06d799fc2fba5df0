import type { Entity } from './entity.ts'
import type { Field, FieldKind } from './field.ts'
import { blindIndexed, plainFields, sealedGroups } from './groups.ts'
import { snake } from './snake.ts'

/** The PostgreSQL types the catalogue uses, as `format_type()` writes the scalar ones. */
export type ColumnType =
  | 'uuid'
  | 'integer'
  | 'bigint'
  | 'text'
  | 'date'
  | 'timestamptz'
  | 'boolean'
  | 'bytea'
  | `${'uuid' | 'bigint' | 'text' | 'date' | 'timestamptz' | 'boolean' | 'bytea'}[]`

/** One column a table must have. `check` is an SQL condition that tells an envelope from anything else, and one choice from another. */
export type Column = { readonly name: string; readonly type: ColumnType; readonly nullable: boolean; readonly check?: string }

const scalar: Readonly<Record<FieldKind, 'uuid' | 'bigint' | 'text' | 'date' | 'timestamptz' | 'boolean'>> = {
  text: 'text',
  longText: 'text',
  address: 'text',
  phone: 'text',
  email: 'text',
  choice: 'text',
  ref: 'uuid',
  date: 'date',
  timestamp: 'timestamptz',
  integer: 'bigint',
  flag: 'boolean',
}

// docs/crypto.md: version 1, suite 1 or 2, 52 bytes of header, a multiple of 64 of ciphertext, 16 of tag. substr() never throws on a short value.
const envelopeCheck = (column: string): string =>
  `octet_length(${column}) >= 132 and octet_length(${column}) % 64 = 4 and substr(${column}, 1, 1) = '\\x01' and substr(${column}, 2, 1) in ('\\x01', '\\x02')`

const choiceCheck = (column: string, field: Field): string => {
  const values = Object.keys(field.values ?? {}).map((value) => `'${value.replaceAll("'", "''")}'`)
  return field.many ? `${column} <@ array[${values.join(', ')}]::text[]` : `${column} in (${values.join(', ')})`
}

const plainColumn = (name: string, field: Field): Column => {
  const column = snake(name)
  const type = scalar[field.kind]
  return {
    name: column,
    type: field.many ? `${type}[]` : type,
    nullable: field.optional && !field.many,
    ...(field.kind === 'choice' ? { check: choiceCheck(column, field) } : {}),
  }
}

// A token is 128 bits of HMAC. The second column exists for rotating the index key: both are written, then they swap (docs/crypto.md).
const indexColumns = (name: string, field: Field): Column[] =>
  [`${snake(name)}_bidx`, `${snake(name)}_bidx_next`].map((column, i) =>
    field.many
      ? { name: column, type: 'bytea[]', nullable: i === 1 }
      : { name: column, type: 'bytea', nullable: i === 1 || field.optional, check: `octet_length(${column}) = 16` },
  )

/** Returns the table an entity is stored in: its plural in snake_case. */
export const tableOf = (entity: Entity): string => snake(entity.plural)

/**
 * Returns the columns an entity's table must have, in order: the standard ones, plain fields, one envelope per sealed group, blind indexes.
 * Migrations are written by hand; a test of the store compares them with this.
 */
export const columnsOf = (entity: Entity): Column[] => [
  { name: 'id', type: 'uuid', nullable: false },
  { name: 'version', type: 'integer', nullable: false },
  { name: 'created_at', type: 'timestamptz', nullable: false },
  { name: 'updated_at', type: 'timestamptz', nullable: false },
  { name: 'trashed_at', type: 'timestamptz', nullable: true },
  ...(entity.subject === 'none' ? [] : [{ name: 'subject', type: 'integer', nullable: false } as const]),
  ...plainFields(entity).map((name) => plainColumn(name, entity.fields[name]!)),
  ...sealedGroups(entity).map(({ column }): Column => ({ name: column, type: 'bytea', nullable: false, check: envelopeCheck(column) })),
  ...blindIndexed(entity).flatMap((name) => indexColumns(name, entity.fields[name]!)),
]
