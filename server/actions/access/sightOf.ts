import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { brief } from '../../../domain/policy/brief.ts'
import { decide, opensPerHour, revealsPerDay, type Scope } from '../../../domain/policy/decide.ts'
import { type ClientRight, fieldRights, type Reach } from '../../../domain/policy/fieldRights.ts'
import { every, satisfies } from '../../../domain/policy/predicate.ts'
import { ruleRowOf } from '../../store/openRows.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'

type Needs = Pick<Parts, 'pool' | 'actors' | 'search' | 'records' | 'audit'>

/** What somebody may do with one entity. */
type EntitySight = { entity: EntityName; actions: string[]; fields: Record<string, Omit<ClientRight, 'uses'> & { uses: string[] }> }

/** One customer as they would see it: which fields are open. `name` only where the asker sees it too. */
type Sample = { id: string; name: string | null; open: string[]; masked: string[] }

/** The answer to 'what could this person see?'. `inSight`: customers that exist for them; `open`: those whose contact details stand open. */
export type Sight = {
  entities: EntitySight[]
  duties: string[]
  revealsPerDay: number
  opensPerHour: number
  inSight: number
  open: number
  sample: Sample[]
}

const sampled = 5
const sampledOpen = 2

const count = async ({ search }: Needs, scope: Scope): Promise<number> =>
  scope.rows.kind === 'none' ? 0 : (await search.page(scope, { offset: 0, limit: 0 })).total

const reaches = (right: ClientRight): Reach => (right.read === 'everywhere' || right.reveal === 'nowhere' ? right.read : 'somewhere')

const sampleOf = async (parts: Needs, asker: Actor, target: Actor): Promise<Sample[]> => {
  const [mine, theirs] = [decide(asker, 'customer'), decide(target, 'customer')]
  // Whoever asks is shown nobody by this that they could not see themselves.
  const both = { ...theirs, rows: every([theirs.rows, mine.rows]) }
  if (both.rows.kind === 'none') return []
  // Some that stand open to them and some that do not, where there are both.
  const open = { ...both, rows: every([both.rows, theirs.fields['phones']!.read]) }
  const none = { ids: [] as readonly string[] }
  const [some, any] = await Promise.all([
    open.rows.kind === 'none' ? none : parts.search.page(open, { offset: 0, limit: sampledOpen }),
    parts.search.page(both, { offset: 0, limit: sampled }),
  ])
  const ids = [...new Set([...some.ids, ...any.ids])].slice(0, sampled)
  const scope = brief(mine)
  const { rows } = await parts.records.getMany({ ...scope, entity: 'customer' }, ids)
  const rights = Object.entries(fieldRights(theirs)).filter(([, right]) => reaches(right) !== 'nowhere')
  return rows.map((row) => {
    const view = viewOf(scope, row) as unknown as { name?: unknown }
    const isOpen = ([field]: [string, unknown]): boolean => satisfies(theirs.fields[field]!.read, ruleRowOf(row))
    return {
      id: row.id,
      name: typeof view.name === 'string' ? view.name : null,
      open: rights.filter(isOpen).map(([field]) => field),
      masked: rights.filter((one) => !isOpen(one)).map(([field]) => field),
    }
  })
}

/** Returns what somebody could see and do now, without showing any of it; audited. Throws `not_found`. */
export const sightOf = async (parts: Needs, asker: Actor, staffId: string): Promise<Sight> => {
  const target = (await parts.actors.holding(parts.pool, [staffId])).get(staffId)
  if (!target) throw new AppError('not_found')
  await parts.audit.append({
    actor: asker,
    action: 'access_preview',
    entity: 'staff',
    ids: [staffId],
    subjects: [target.subject],
    outcome: 'done',
  })
  const customers = decide(target, 'customer')
  const open = { ...customers, rows: every([customers.rows, customers.fields['phones']!.read]) }
  const [inSight, opened, sample] = await Promise.all([count(parts, customers), count(parts, open), sampleOf(parts, asker, target)])
  return {
    entities: (Object.keys(catalogue) as EntityName[]).flatMap((entity) => {
      const scope = decide(target, entity)
      if (scope.rows.kind === 'none') return []
      const actions = Object.entries(scope.actions).flatMap(([act, rule]) => (rule.kind === 'none' ? [] : [act]))
      const fields: EntitySight['fields'] = {}
      for (const [field, right] of Object.entries(fieldRights(scope))) fields[field] = { ...right, uses: [...right.uses] }
      return [{ entity, actions, fields }]
    }),
    duties: [...new Set(target.standings.flatMap(({ role }) => role.duties))],
    revealsPerDay: revealsPerDay(target),
    opensPerHour: opensPerHour(target),
    inSight,
    open: opened,
    sample,
  }
}
