import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { all, none, satisfies } from '../../../domain/policy/predicate.ts'
import type { Parts } from '../parts.ts'
import { openExportRows } from '../../store/exportRows.ts'
import { ruleRowOf } from '../../store/openRows.ts'

/** Reads what who takes data out is called, and the names that stand for ids in its cells: stores, and the staff whose names the actor may see. */
export const namesFor = async (
  parts: Pick<Parts, 'pool' | 'broker'>,
  actor: Actor,
  fields: readonly string[],
): Promise<{ exporter: string; nameOf: (entity: string, id: string) => string | null }> => {
  const { rows: stores } = await parts.pool.query<{ id: string; name: string }>('select id, name from stores')
  const wanted = fields.includes('ownerId') ? (await parts.pool.query<{ id: string }>('select id from staff')).rows.map(({ id }) => id) : []
  const scope = decide(actor, 'staff')
  const { rows: staff } = await openExportRows(parts, scope, [...new Set([actor.staffId, ...wanted])], { fields: ['name'], among: all })
  const seen = staff.filter((row) => satisfies(scope.fields['name']?.read ?? none, ruleRowOf(row)))
  const names = new Map<string, string>([
    ...stores.map(({ id, name }) => [`store/${id}`, name] as const),
    ...seen.map((row) => [`staff/${row.id}`, String(row['name'])] as const),
  ])
  const exporter = names.get(`staff/${actor.staffId}`) ?? actor.login
  if (exporter === '') throw new AppError('internal', { problem: 'an exporter without a name' })
  return { exporter, nameOf: (entity, id) => names.get(`${entity}/${id}`) ?? null }
}
