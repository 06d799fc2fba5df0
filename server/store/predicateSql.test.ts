import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { all, any, every, isIn, none, type Predicate, satisfies } from '../../domain/policy/predicate.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import { predicateSql, type RuleColumns } from './predicateSql.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.close())

const ids = Array.from({ length: 4 }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`)
const id = fc.constantFrom(...ids)
const leaf = fc.oneof(
  fc.constant(all),
  fc.constant(none),
  fc
    .tuple(fc.constantFrom('id' as const, 'storeId' as const, 'ownerId' as const), fc.array(id, { maxLength: 3 }))
    .map(([column, values]) => isIn(column, values)),
)
const { rule } = fc.letrec<{ rule: Predicate }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('rule'), { maxLength: 3 }).map(any),
    fc.array(tie('rule'), { maxLength: 3 }).map(every),
    // As data from elsewhere might have it: not simplified.
    fc.array(tie('rule'), { maxLength: 3 }).map((of): Predicate => ({ kind: 'any', of })),
    fc.array(tie('rule'), { maxLength: 3 }).map((of): Predicate => ({ kind: 'every', of })),
  ),
}))
const cell = fc.option(id, { nil: null })
const row = fc.record({ id, storeId: cell, ownerId: cell })

test('SQL and satisfies() agree on every rule and row, also where a table lacks a column', async () => {
  const columnSets: RuleColumns[] = [{ id: 'r.i', storeId: 'r.s', ownerId: 'r.o' }, { storeId: 'r.s' }, {}]
  await fc.assert(
    fc.asyncProperty(
      rule,
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(...columnSets),
      async (predicate, rows, columns) => {
        const values: unknown[] = [rows.map((one) => one.id), rows.map((one) => one.storeId), rows.map((one) => one.ownerId)]
        const condition = predicateSql(predicate, columns, values)
        const { rows: found } = await db.database.pool.query<{ holds: boolean | null }>(
          `select (${condition}) as holds from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as r (i, s, o, n) order by n`,
          values,
        )
        const visible = rows.map((one) => ({
          ...('id' in columns ? { id: one.id } : {}),
          ...('storeId' in columns ? { storeId: one.storeId } : {}),
          ...('ownerId' in columns ? { ownerId: one.ownerId } : {}),
        }))
        expect(found.map((one) => one.holds)).toEqual(visible.map((one) => satisfies(predicate, one)))
      },
    ),
    { numRuns: 300 },
  )
})
