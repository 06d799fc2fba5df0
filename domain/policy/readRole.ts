import { catalogue, type EntityName } from '../catalogue/all.ts'
import { actions, duties, type Duty, type Grant, type Role, type RowScope, rowScopes, writable, type Writable } from './role.ts'

/** What is wrong with a definition, and where: `entities.customer.names`. */
export type RoleProblem = {
  readonly field: string
  readonly problem: 'wrong_type' | 'unknown_key' | 'not_an_option' | 'too_wide' | 'too_big'
}

/** The rights of a grant that reach over rows. */
export const reachKeys = ['names', 'personal', 'sensitive', 'filter', 'sort', 'reveal', 'use', 'export'] as const

const grantKeys: readonly string[] = ['rows', 'write', 'actions', ...reachKeys]
const budgets = { revealsPerDay: 1_000, opensPerHour: 20_000 } as const

type Plain = Readonly<Record<string, unknown>>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
const isScope = (value: unknown): value is RowScope => (rowScopes as readonly unknown[]).includes(value)
const widthOf = (scope: RowScope): number => rowScopes.indexOf(scope)

const readGrant = (at: string, given: unknown, problems: RoleProblem[]): Grant | null => {
  if (!isPlain(given)) return (problems.push({ field: at, problem: 'wrong_type' }), null)
  for (const key of Object.keys(given)) if (!grantKeys.includes(key)) problems.push({ field: `${at}.${key}`, problem: 'unknown_key' })
  const { rows, write, actions: acts = {} } = given
  if (!isScope(rows)) return (problems.push({ field: `${at}.rows`, problem: 'not_an_option' }), null)
  const reach = (field: string, value: unknown): void => {
    if (!isScope(value)) problems.push({ field, problem: 'not_an_option' })
    // What reaches outside the rows that exist would be taken back by policy anyway; said here, nobody is misled by their own matrix.
    else if (widthOf(value) > widthOf(rows)) problems.push({ field, problem: 'too_wide' })
  }
  for (const key of reachKeys) if (given[key] !== undefined) reach(`${at}.${key}`, given[key])
  if (!isPlain(acts)) problems.push({ field: `${at}.actions`, problem: 'wrong_type' })
  else
    for (const [act, value] of Object.entries(acts)) {
      if ((actions as readonly string[]).includes(act)) reach(`${at}.actions.${act}`, value)
      else problems.push({ field: `${at}.actions.${act}`, problem: 'unknown_key' })
    }
  if (write !== undefined && !(Array.isArray(write) && write.every((one) => writable.includes(one as Writable))))
    problems.push({ field: `${at}.write`, problem: 'not_an_option' })
  return given as Grant
}

/**
 * Reads a role that somebody defined: everything in it is known, and no right reaches outside the rows that exist for it. Returns the role, or null with
 * each problem.
 */
export const readRole = (given: unknown): { role: Role | null; problems: RoleProblem[] } => {
  const problems: RoleProblem[] = []
  if (!isPlain(given)) return { role: null, problems: [{ field: 'role', problem: 'wrong_type' }] }
  for (const key of Object.keys(given))
    if (!['entities', 'duties', ...Object.keys(budgets)].includes(key)) problems.push({ field: key, problem: 'unknown_key' })
  const entities: Partial<Record<EntityName, Grant>> = {}
  if (!isPlain(given['entities'])) problems.push({ field: 'entities', problem: 'wrong_type' })
  else
    for (const [name, value] of Object.entries(given['entities'])) {
      if (!Object.hasOwn(catalogue, name)) {
        problems.push({ field: `entities.${name}`, problem: 'unknown_key' })
        continue
      }
      const grant = readGrant(`entities.${name}`, value, problems)
      if (grant) entities[name as EntityName] = grant
    }
  const held = given['duties']
  if (!Array.isArray(held) || !held.every((one) => (duties as readonly unknown[]).includes(one)))
    problems.push({ field: 'duties', problem: 'not_an_option' })
  for (const [budget, most] of Object.entries(budgets)) {
    const value = given[budget]
    if (!Number.isSafeInteger(value) || (value as number) < 0) problems.push({ field: budget, problem: 'wrong_type' })
    else if ((value as number) > most) problems.push({ field: budget, problem: 'too_big' })
  }
  if (problems.length > 0) return { role: null, problems }
  return {
    role: {
      entities,
      duties: [...new Set(held as Duty[])],
      revealsPerDay: given['revealsPerDay'] as number,
      opensPerHour: given['opensPerHour'] as number,
    },
    problems,
  }
}
