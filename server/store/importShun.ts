import type { Keyring } from '../crypto/keyring.ts'
import type { Queryable } from './database.ts'
import { type IndexKey, indexKeys, lookupToken } from './exactIndex.ts'
import { shapeOf, type Shape } from './shape.ts'
import { statement } from './statement.ts'

/**
 * Returns the statement that notes, for every import that is open, how to know a person again who is just being erased: by the tokens of their numbers and
 * addresses, taken before the record goes. Their row in a list that waits must not bring them back; the tokens go when the job ends, as the list does.
 */
export const shunStatement = (shape: Shape, subjects: readonly number[]) => {
  const columns = shape.indexed.flatMap(({ column, many }) => [column, `${column}_next`].map((name) => ({ name, many })))
  const tokens = columns.map(({ name, many }) => (many ? `coalesce(r.${name}, '{}')` : `array_remove(array[r.${name}], null)`)).join(' || ')
  return {
    ...statement(`insert into import_shun (job, token) select j.id, t.token from ${shape.table} r, job j, lateral unnest(${tokens || "'{}'::bytea[]"}) as t (token)
      where r.subject = any($1::integer[]) and j.kind = 'import' and j.state in ('staged', 'queued', 'running', 'paused') on conflict do nothing`),
    values: [subjects],
  }
}

/** One complete value of a field. */
export type Exact = { readonly field: string; readonly value: string }

const any = statement('select 1 from import_shun where job = $1 limit 1')
const some = statement("select encode(token, 'hex') as token from import_shun where job = $1 and token = any($2::bytea[])")

/** Returns those of the values that belonged to somebody who was erased since the import was uploaded. */
export const findShunned = async (
  { pool, keyring }: { pool: Queryable; keyring: Keyring },
  job: string,
  values: readonly Exact[],
): Promise<Exact[]> => {
  if ((await pool.query({ ...any, values: [job] })).rowCount === 0) return []
  // A row of the list becomes a customer, and whoever was erased may have been somebody's contact: each has tokens of their own.
  const shapes = [shapeOf('customer'), shapeOf('contact')]
  const keys: IndexKey[] = await indexKeys(keyring)
  const tokensOf = ({ field, value }: Exact): string[] =>
    shapes
      .filter((shape) => shape.indexed.some((one) => one.field === field))
      .flatMap((shape) => keys.map((key) => lookupToken(shape, key, field, value).toString('hex')))
  const byToken = new Map(values.flatMap((one) => tokensOf(one).map((token) => [token, one] as const)))
  const { rows } = await pool.query<{ token: string }>({
    ...some,
    values: [job, [...byToken.keys()].map((token) => Buffer.from(token, 'hex'))],
  })
  return rows.flatMap(({ token }) => byToken.get(token) ?? [])
}
