import { type Dated, withoutKnown } from '../../../domain/crm/conversation.ts'
import type { Entity, View } from '../../../domain/catalogue/entity.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import { shopZone } from '../../../domain/text/zonedTime.ts'
import { ruleRowOf } from '../../store/openRows.ts'
import { isRecordId } from '../../store/reads.ts'
import type { Records, RowOf, ScopeOf } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { createRecords } from '../records/createRecords.ts'

const atOnce = 500
const day = 86_400_000

/** Returns the WeChat entries of a customer from the day before the first of these to the day after the last. */
const nearby = async (records: Records, scope: Scope, customerId: string, days: readonly Dated[]): Promise<RowOf<'interaction'>[]> => {
  const times = days.map((one) => Date.parse(one.happenedAt))
  const [from, to] = [Math.min(...times) - day, Math.max(...times) + day]
  const found: RowOf<'interaction'>[] = []
  for (let offset = 0; ; offset += atOnce) {
    const { rows, more } = await records.list(scope as ScopeOf<'interaction'>, {
      where: { customerId, kind: 'wechat' },
      orderBy: 'happenedAt',
      descending: true,
      limit: atOnce,
      offset,
    })
    // What the actor may not read is not compared either: being left out would say what it is.
    const readable = rows.filter((row) => satisfies(scope.fields['text']?.read ?? none, ruleRowOf(row)))
    found.push(...readable.filter((row) => Date.parse(row.happenedAt) >= from && Date.parse(row.happenedAt) <= to))
    const oldest = rows.at(-1)
    if (!more || !oldest || Date.parse(oldest.happenedAt) < from) return found
  }
}

/**
 * Adds days of a WeChat chat to a customer's timeline, without what an earlier paste has written already: a day that holds nothing new is skipped, of another
 * only the new lines are added. Returns the new entries and how many were skipped. Throws as `createRecords` does.
 */
export const addConversation = async (
  parts: Pick<Parts, 'records' | 'pool' | 'actors'>,
  scope: Scope,
  customerId: string,
  days: readonly Dated[],
): Promise<{ views: View<Entity>[]; skipped: number; position: number }> => {
  if (!isRecordId(customerId)) throw new AppError('not_found')
  if (days.some(({ happenedAt }) => Number.isNaN(Date.parse(happenedAt))))
    throw new AppError('input_invalid', { problems: [{ field: 'happenedAt', problem: 'bad_timestamp' }] })
  const texts = withoutKnown(days, await nearby(parts.records, scope, customerId, days), shopZone)
  const inputs = days.flatMap(({ happenedAt }, i) =>
    texts[i] === '' ? [] : [{ customerId, kind: 'wechat', staffId: scope.actor.staffId, happenedAt, text: texts[i] }],
  )
  if (inputs.length === 0) return { views: [], skipped: days.length, position: 0 }
  const { views, position } = await createRecords(parts, scope, inputs)
  return { views, skipped: days.length - inputs.length, position }
}
