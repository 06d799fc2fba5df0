import type { KeyObject } from 'node:crypto'
import { shopZone } from '../../domain/text/zonedTime.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { shopToday } from '../store/shopToday.ts'
import { statement } from '../store/statement.ts'

/** A row of `auth.assignment` as JSON aggregation gives it; times are milliseconds since 1970, `mac` is hexadecimal. */
export type AssignmentRow = {
  appointment_id: string
  staff_id: string
  customer_id: string
  starts_at: number
  ends_at: number
  mac: string
}

const table = 'auth.assignment'

/** Most customers of a working set: more than anybody meets in three days, and as many as a rule over ids stays quick with. */
const mostWorking = 500

const millis = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`
// In a query of its own, so that it is worked out once and not for every row.
const midnight = (days: number): string => `(select (${shopToday} + ${days})::timestamp at time zone '${shopZone}')`

const rowJson = `json_build_object('appointment_id', w.appointment_id, 'staff_id', w.staff_id, 'customer_id', w.customer_id,
    'starts_at', ${millis('w.starts_at')}, 'ends_at', ${millis('w.ends_at')}, 'mac', encode(w.mac, 'hex'))`

/** Longest appointment in hours: one that lasts a fortnight would hold a customer open for as long. */
export const mostHours = 72

/** Whom a member of staff `st` meets from yesterday to tomorrow by the shop's calendar, as JSON, for a query that reads more. */
export const assignmentsJson = `coalesce((select json_agg(${rowJson}) from (select * from auth.assignment a
    where a.staff_id = st.id and a.starts_at >= ${midnight(-1)} - interval '${mostHours} hours' and a.starts_at < ${midnight(2)}
      and a.ends_at >= ${midnight(-1)} order by a.starts_at desc limit ${mostWorking}) w), '[]')`

const parts = (row: Omit<AssignmentRow, 'mac'>): (string | Date)[] => [
  row.appointment_id,
  row.staff_id,
  row.customer_id,
  new Date(row.starts_at),
  new Date(row.ends_at),
]

const isGenuine = (macKey: KeyObject, row: AssignmentRow): boolean => verifyRowMac(macKey, table, parts(row), Buffer.from(row.mac, 'hex'))

/**
 * Returns the working set of a member of staff (DESIGN 3): the customers of those assignments that this installation wrote as they are, for this person. What
 * was inserted or altered behind its back opens nobody; `forged` says that there was such a row.
 */
export const readWorkingSet = (
  macKey: KeyObject,
  staffId: string,
  rows: readonly AssignmentRow[],
): { workingIds: string[]; forged: boolean } => {
  const genuine = rows.filter((row) => row.staff_id === staffId && isGenuine(macKey, row))
  return { workingIds: [...new Set(genuine.map((row) => row.customer_id))].toSorted(), forged: genuine.length < rows.length }
}

/** An appointment as far as it says who goes to whom. Times are ISO 8601. */
export type Meeting = {
  readonly id: string
  readonly customerId: string
  readonly assigneeIds: readonly string[]
  readonly startsAt: string
  readonly endsAt: string
  readonly state: string
}

const remove = statement('delete from auth.assignment where appointment_id = $1')
const insert = statement(`insert into auth.assignment (appointment_id, staff_id, customer_id, starts_at, ends_at, mac)
  select $1, s, $2, $3, $4, m from unnest($5::uuid[], $6::bytea[]) as x (s, m)`)

/** Writes who goes to an appointment, in the transaction that writes the appointment; nobody does where it was cancelled. Sessions notice within two seconds. */
export const writeAssignments = async (client: Queryable, macKey: KeyObject, meeting: Meeting): Promise<void> => {
  await client.query({ ...remove, values: [meeting.id] })
  if (meeting.state === 'cancelled') return
  const { id, customerId, assigneeIds, startsAt, endsAt } = meeting
  const macs = assigneeIds.map((staff_id) =>
    rowMac(
      macKey,
      table,
      parts({ appointment_id: id, staff_id, customer_id: customerId, starts_at: Date.parse(startsAt), ends_at: Date.parse(endsAt) }),
    ),
  )
  await client.query({ ...insert, values: [id, customerId, startsAt, endsAt, assigneeIds, macs] })
}

const movedAway =
  statement(`select ${rowJson} as row, a.customer_id as now_of from auth.assignment w join appointments a on a.id = w.appointment_id
  where w.customer_id = any($1::uuid[]) and a.customer_id = any($1::uuid[]) and a.customer_id <> w.customer_id for update of w`)
const follow = statement(`update auth.assignment set customer_id = $3, mac = $4 where appointment_id = $1 and staff_id = $2`)

/** Lets assignments follow appointments that moved from one of these customers to another, as by a merge or its undoing, in the transaction that moves them. */
export const followMoves = async (client: Queryable, macKey: KeyObject, customerIds: readonly string[]): Promise<void> => {
  const { rows } = await client.query<{ row: AssignmentRow; now_of: string }>({ ...movedAway, values: [customerIds] })
  for (const { row, now_of } of rows) {
    if (!isGenuine(macKey, row)) continue
    const mac = rowMac(macKey, table, parts({ ...row, customer_id: now_of }))
    await client.query({ ...follow, values: [row.appointment_id, row.staff_id, now_of, mac] })
  }
}
