import type { KeyObject } from 'node:crypto'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

const table = 'auth.emergency'

/** What was asked for, and what came of it. Times are ISO 8601. */
export type EmergencyRow = {
  id: string
  staff_id: string
  subject: number
  reason: string
  sealed_note: Buffer
  store_ids: string[]
  approval: string
  asked_at: string
  mac: Buffer
  granted_at: string | null
  ends_at: string | null
  reviewed_by: string | null
  reviewed_at: string | null
  verdict: 'justified' | 'misused' | null
}

type Asked = Pick<EmergencyRow, 'id' | 'staff_id' | 'subject' | 'reason' | 'sealed_note' | 'store_ids' | 'approval' | 'asked_at'>

const parts = (row: Asked): (string | number | Date)[] => [
  row.id,
  row.staff_id,
  row.subject,
  row.reason,
  row.store_ids.toSorted().join(','),
  row.approval,
  new Date(row.asked_at),
]

/** Writes down what somebody asks for, in the caller's transaction. */
export const storeEmergency = async (client: Queryable, macKey: KeyObject, row: Asked): Promise<void> => {
  await client.query(
    `insert into auth.emergency (id, staff_id, subject, reason, sealed_note, store_ids, approval, asked_at, mac) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.id,
      row.staff_id,
      row.subject,
      row.reason,
      row.sealed_note,
      row.store_ids,
      row.approval,
      row.asked_at,
      rowMac(macKey, table, parts(row)),
    ],
  )
}

/** Returns the newest of those that fit, 200 at most; a row that this installation did not write as it is, is none. */
export const readEmergencies = async (
  client: Queryable,
  macKey: KeyObject,
  by: { id: string } | { approval: string } | 'all',
): Promise<EmergencyRow[]> => {
  const [column, value] = by === 'all' ? ['true', null] : 'id' in by ? ['id::text = $1', by.id] : ['approval::text = $1', by.approval]
  const sql = `select * from auth.emergency where ${column} order by asked_at desc limit 200`
  const { rows } = await client.query<EmergencyRow>(sql, value === null ? [] : [value])
  return rows.filter((row) => verifyRowMac(macKey, table, parts(row), row.mac))
}
