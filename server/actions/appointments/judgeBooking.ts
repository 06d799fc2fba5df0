import { customer } from '../../../domain/crm/customer.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { mostHours } from '../../auth/workingSet.ts'
import { isRecordId } from '../../store/reads.ts'
import { readRules } from '../../store/readRules.ts'
import type { Parts } from '../parts.ts'

/** Most people at one appointment. */
const mostAssignees = 8

const refuse = (field: string, problem: string): never => {
  throw new AppError('input_invalid', { problems: [{ field, problem }] })
}

/** Throws `input_invalid` for a time that ends before it begins, or is longer than three days. */
export const requireTimes = (startsAt: string, endsAt: string): void => {
  const hours = (Date.parse(endsAt) - Date.parse(startsAt)) / 3_600_000
  if (!(hours > 0)) refuse('endsAt', 'before_start')
  if (hours > mostHours) refuse('endsAt', 'too_long')
}

/** Returns the store and owner of a customer that exists for the actor, or null. Nobody is looked at. */
export const ruleOfCustomer = async ({ pool }: Pick<Parts, 'pool'>, actor: Actor, id: string): Promise<RuleRow | null> => {
  if (!isRecordId(id)) return null
  const [found] = await readRules(pool, decide(actor, 'customer'), [id])
  return found ? { id: found.id, storeId: found.storeId, ownerId: found.ownerId } : null
}

/**
 * Throws `input_invalid` unless each of those put down is active staff (`bad_reference`) for whom the appointment would exist (`assignee_elsewhere`): a
 * consultant of another store would stand before a customer they cannot see, a colleague of the finance office has no business there.
 */
export const requireAssignees = async (
  { pool, actors }: Pick<Parts, 'pool' | 'actors'>,
  rule: RuleRow,
  ids: readonly string[],
  known: readonly string[] = [],
): Promise<void> => {
  if (ids.length === 0) refuse('assigneeIds', 'required')
  if (ids.length > mostAssignees) refuse('assigneeIds', 'too_many')
  const asked = ids.filter((id) => !known.includes(id))
  const people = await actors.ofMany(pool, asked)
  for (const id of asked) {
    const person = people.get(id)
    if (!person) return refuse('assigneeIds', 'bad_reference')
    const there = decide({ ...person, workingIds: rule.id ? [rule.id] : [] }, 'appointment')
    if (!satisfies(there.rows, rule)) refuse('assigneeIds', 'assignee_elsewhere')
  }
}

/** The fields of a customer that an appointment opens. */
export const openedFields: readonly string[] = Object.entries(customer.fields as Record<string, Field>)
  .filter(([, field]) => field.class === 'personal' && !field.find.includes('name'))
  .map(([name]) => name)

/**
 * Whether somebody who goes to this customer opens by it what is not theirs: whoever puts themselves down then spends one reveal of the day, as if they had
 * asked to see the details (docs/decisions/0012). What they meet already does not count as theirs: else moving an appointment from day to day would cost nothing.
 */
export const opensForOneself = (actor: Actor, rule: RuleRow): boolean =>
  !satisfies(decide({ ...actor, workingIds: [] }, 'customer').fields['phones']?.read ?? none, rule)
