import type { SealedClass } from '../../domain/catalogue/field.ts'
import { snake } from '../../domain/catalogue/snake.ts'
import type { Shape } from './shape.ts'
import { type Statement, statement } from './statement.ts'

/** The newest audit entry that wrote the record. `id + 0` keeps the planner from walking the log backwards by its primary key. */
const newestLeaf = `(select n.leaf from audit.entry n where n.id =
  (select max(w.id + 0) from audit.entry w where w.records @> array[r.id])) as newest_leaf`

const keyColumns = ['epoch', 'version', 'suite', 'wrapped'] as const

const standard = ['id', 'version', 'created_at', 'updated_at', 'trashed_at']

type Select = {
  readonly groups: readonly SealedClass[]
  /** Condition over the aliases r, p and k. */
  readonly where: string
  /** Whether to read the record's newest audit entry too, against replayed envelopes. */
  readonly newest?: boolean
  readonly tail?: string
  readonly lock?: 'for update of r' | 'for key share of r'
  /** Whether to return a record whose key is gone too, with nothing in the columns of the key. */
  readonly keyless?: boolean
  /** Whether to return a record whose parent is about another person too, with true in `orphan`. */
  readonly orphans?: boolean
}

/**
 * Returns the statement that reads records with their wrapped keys and rule columns, in one round trip. A record whose key is gone is left out
 * unless `keyless`. A record that is about nobody but its parent's person, and hangs below another, is left out unless `orphans`: who hung it there wants it
 * seen by those who see that parent. Of a person below another (a contact) both keys are read.
 */
export const selectSql = (
  shape: Shape,
  { groups, where, newest = false, tail = '', lock, keyless = false, orphans = false }: Select,
): Statement => {
  const parentGroup = groups.length > 0 ? shape.parent?.shape.groups[0] : undefined
  const columns = [
    ...standard.map((column) => `r.${column}`),
    ...shape.plain.map(({ column }) => `r.${column}`),
    ...shape.groups.filter((group) => groups.includes(group.class)).map((group) => `r.${group.column}`),
    ...(shape.hasSubject ? ['r.subject', ...keyColumns.map((column) => `k.${column} as key_${column}`)] : []),
    // Against store and owner changed behind our back: a child opens only beside a parent that does, under the parent's key.
    ...(parentGroup ? [`p.${parentGroup.column} as parent_sealed`] : []),
    ...(parentGroup && shape.isPerson
      ? ['p.subject as parent_subject', ...keyColumns.map((column) => `pk.${column} as parent_key_${column}`)]
      : []),
    ...Object.entries(shape.rule).map(([name, expression]) => `${expression} as rule_${snake(name)}`),
    ...(newest ? [newestLeaf] : []),
    ...(orphans ? [shape.parent ? 'p.id is null as orphan' : 'false as orphan'] : []),
  ]
  const from = [
    `${shape.table} r`,
    ...(shape.parent
      ? [
          `${orphans ? 'left ' : ''}join ${shape.parent.shape.table} p on p.id = r.${shape.parent.column}${shape.isPerson ? '' : ' and p.subject = r.subject'}`,
        ]
      : []),
    ...(parentGroup && shape.isPerson ? [`${keyless || orphans ? 'left ' : ''}join keys.data_key pk on pk.subject = p.subject`] : []),
    ...(shape.hasSubject ? [`${keyless ? 'left ' : ''}join keys.data_key k on k.subject = r.subject`] : []),
  ]
  return statement(`select ${columns.join(', ')} from ${from.join(' ')} where ${where} ${tail} ${lock ?? ''}`.trim())
}

// A list within a list has no array form in SQL: such columns travel as array literals in text.
const parameterType = (type: string): string => (type.endsWith('[]') ? 'text[]' : `${type}[]`)
const value = ({ name, type }: { name: string; type: string }): string => (type.endsWith('[]') ? `${name}::${type}` : name)

/** Returns the statement that inserts any number of records, one array per column. */
export const insertSql = (shape: Shape): Statement => {
  const names = shape.columns.map((column) => column.name).join(', ')
  const parameters = shape.columns.map((column, i) => `$${i + 1}::${parameterType(column.type)}`).join(', ')
  return statement(
    `insert into ${shape.table} (${names}) select ${shape.columns.map(value).join(', ')} from unnest(${parameters}) as i (${names})`,
  )
}

/** Returns the statement that writes a whole record over the version $1 of it; no row is changed when another was quicker. */
export const updateSql = (shape: Shape): Statement => {
  const set = shape.columns.filter((column) => column.name !== 'id').map(({ name, type }, i) => `${name} = $${i + 3}::${type}`)
  return statement(`update ${shape.table} set ${set.join(', ')} where id = $2 and version = $1`)
}

/** Returns the statement that writes any number of whole records, one array per column, each over the version before the one it is given. */
export const updateManySql = (shape: Shape): Statement => {
  const names = shape.columns.map((column) => column.name).join(', ')
  const parameters = shape.columns.map((column, i) => `$${i + 1}::${parameterType(column.type)}`).join(', ')
  const set = shape.columns.filter(({ name }) => name !== 'id').map(({ name, type }) => `${name} = i.${value({ name, type })}`)
  return statement(
    `update ${shape.table} t set ${set.join(', ')} from unnest(${parameters}) as i (${names}) where t.id = i.id and t.version = i.version - 1`,
  )
}

/** Returns a list as PostgreSQL's array literal (manual, 8.15.2). Bytes are written in hex. */
export const arrayLiteral = (list: readonly unknown[]): string =>
  `{${list.map((item) => (item instanceof Uint8Array ? `"\\\\x${Buffer.from(item).toString('hex')}"` : JSON.stringify(String(item)))).join(',')}}`
