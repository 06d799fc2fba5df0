import { parseArgs } from 'node:util'
import { writeFile } from 'node:fs/promises'
import { catalogue, type EntityName } from '../domain/catalogue/all.ts'
import { type Actor, actorWith, type Standing } from '../domain/policy/actor.ts'
import { decide } from '../domain/policy/decide.ts'
import { roleIds, roles } from '../domain/policy/roles.ts'

/**
 * What one decision costs somebody with 40 roles and 500 rules (issue 4, measures: at most 50 us), beside somebody with one. Each decision is for a new actor, as
 * each request is. Prints JSON, microseconds.
 */

const rights = (standings: readonly Standing[]): number =>
  standings.reduce(
    (sum, { role }) =>
      sum +
      role.duties.length +
      Object.values(role.entities).reduce(
        (count, { actions = {}, ...grant }) => count + Object.keys(grant).length + Object.keys(actions).length,
        0,
      ),
    0,
  )

const standingsOf = (count: number): Standing[] =>
  Array.from({ length: count }, (_, i) => {
    const roleId = roleIds[i % roleIds.length]!
    const storeIds = [`s${i % 8}`, `s${(i + 1) % 8}`]
    return {
      roleId,
      name: null,
      role: roles[roleId],
      storeIds,
      regionStoreIds: [...storeIds, 's9'],
      ownerIds: ['me'],
      kind: 'lasting',
      until: null,
    }
  })

const workingIds = Array.from({ length: 12 }, (_, i) => `c${i}`)
const fresh = (standings: readonly Standing[]): Actor => actorWith({ staffId: 'me', subject: 1, login: 'me', workingIds }, standings)

/** `shared`: the standings are a running session's, as with each request but the first in two seconds; else they are new too. */
const measure = (standings: readonly Standing[], entities: readonly EntityName[], shared: boolean): { p50: number; p95: number } => {
  const times: number[] = []
  for (let round = 0; round < 3_000; round += 1) {
    const actor = fresh(shared ? standings : [...standings])
    const entity = entities[round % entities.length]!
    const from = performance.now()
    decide(actor, entity)
    times.push((performance.now() - from) * 1_000)
  }
  const sorted = times.slice(500).toSorted((a, b) => a - b)
  const at = (part: number): number => Math.round(sorted[Math.floor(sorted.length * part)]! * 10) / 10
  return { p50: at(0.5), p95: at(0.95) }
}

const { values } = parseArgs({ options: { json: { type: 'string' } } })
const every = Object.keys(catalogue) as EntityName[]
const many = standingsOf(40)
const one = standingsOf(3).slice(2)
const of = (standings: readonly Standing[]) => ({
  roles: standings.length,
  rules: rights(standings),
  perRequest: measure(standings, every, true),
  anew: measure(standings, every, false),
  anewCustomer: measure(standings, ['customer'], false),
})
const result = {
  manyRoles: of(many),
  oneRole: of(one),
}
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
if (values.json) await writeFile(values.json, JSON.stringify(result))
