import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { notify } from '../../store/notices.ts'
import { inTransaction } from '../../store/transaction.ts'
import type { Parts } from '../parts.ts'

/**
 * Reports a device of a member of staff lost. Their own report concerns themselves; that of who manages staff, everybody who was on it. Sessions on it end,
 * PIN and draft key go, and so do the passkeys made on it that exist nowhere else, with those of `passkeys` (copies of which may lie on it).
 * Throws `not_found` for a device that person was never on.
 */
export const loseDevice = async (
  parts: Parts,
  actor: Actor,
  { staffId, deviceId, passkeys }: { staffId: string; deviceId: string; passkeys: readonly string[] },
): Promise<{ removed: number }> => {
  const everybody = staffId !== actor.staffId
  const uuid = /^[0-9a-f-]{36}$/
  if (!uuid.test(deviceId) || !uuid.test(staffId)) throw new AppError('not_found')
  const on = await parts.pool.query('select 1 from auth.device_staff where device_id = $1 and staff_id = $2', [deviceId, staffId])
  if (on.rowCount !== 1) throw new AppError('not_found')
  const { concerned, removed } = await inTransaction(parts.pool, async (client) => {
    const persons = await parts.devices.lose(client, deviceId, everybody ? null : staffId)
    const { rowCount } = await client.query(
      `delete from auth.passkey where (device_id = $1 and not synced and staff_id = any($2::uuid[])) or (staff_id = $3 and id = any($4::uuid[]))`,
      [deviceId, [...persons, staffId], staffId, passkeys.filter((id) => uuid.test(id))],
    )
    for (const person of new Set([...persons, staffId]))
      await notify(client, person, 'device_lost', { device: deviceId, by: actor.staffId })
    await parts.audit.appendTo(client, [{ actor, action: 'device_lost', entity: 'staff', ids: [staffId, deviceId], outcome: 'done' }])
    return { concerned: persons, removed: rowCount ?? 0 }
  })
  parts.audit.committed()
  await parts.sessions.endOnDevice(deviceId, everybody ? null : staffId)
  for (const person of concerned) parts.sessions.refresh(person)
  return { removed }
}
