import { createHash, type KeyObject, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { type OwnSealing, openOwn, sealOwn } from '../store/ownSeal.ts'
import { statement } from '../store/statement.ts'
import type { DeviceLabel } from './deviceLabel.ts'

/** Seconds a browser stays known: 90 days. */
export const knownFor = 90 * 24 * 3600

type DeviceRow = {
  id: string
  secret_hash: Buffer
  browser: string
  system: string
  created_at: string
  lost_at: string | null
  mac: Buffer
}

/** A person on a device as stored; `pin_hash` null where no PIN was set. */
export type DeviceStaffRow = {
  device_id: string
  staff_id: string
  first_at: string
  pin_hash: string | null
  pin_failures: number
  sealed_draft_key: Buffer | null
  lost_at: string | null
  mac: Buffer
}

const time = (value: string | null): Date | null => (value === null ? null : new Date(value))
const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest()

const deviceParts = (row: Omit<DeviceRow, 'mac'>) => [
  row.id,
  row.secret_hash,
  row.browser,
  row.system,
  time(row.created_at),
  time(row.lost_at),
]
const staffParts = (row: Omit<DeviceStaffRow, 'mac'>) => [
  row.device_id,
  row.staff_id,
  time(row.first_at),
  row.pin_hash,
  row.pin_failures,
  row.sealed_draft_key && sha256(row.sealed_draft_key),
  time(row.lost_at),
]

const byId = statement('select id, secret_hash, browser, system, created_at, lost_at, mac from auth.device where id = $1')
const ofPerson =
  statement(`select device_id, staff_id, first_at, pin_hash, pin_failures, sealed_draft_key, lost_at, mac from auth.device_staff
  where device_id = $1 and staff_id = $2`)

/** What a browser's cookie says of it: a device we know, one that was reported lost, or nothing. */
export type Recognised = { readonly id: string; readonly lost: boolean }

/**
 * Devices: browsers that somebody signed in with. One concept for what hangs on a browser: guesses counted apart (OWASP, device cookies), where a session
 * runs, notices of new ones, PIN, draft key, and what dies when it is lost.
 */
export const openDevices = (parts: OwnSealing & { macKey: () => Promise<KeyObject> }) => {
  const { pool, macKey } = parts

  /** Returns the device of a cookie value, or null. */
  const ofCookie = async (value: string | undefined): Promise<Recognised | null> => {
    const [, id, secret] = /^([0-9a-f-]{36})\.([\w-]{43})$/.exec(value ?? '') ?? []
    if (!id || !secret) return null
    const row = (await pool.query<DeviceRow>({ ...byId, values: [id] })).rows[0]
    if (!row || !verifyRowMac(await macKey(), 'auth.device', deviceParts(row), row.mac)) return null
    return timingSafeEqual(row.secret_hash, sha256(secret)) ? { id, lost: row.lost_at !== null } : null
  }

  /** Makes a device and returns its id and the value for its cookie, which nobody can be told again. */
  const issue = async (label: DeviceLabel): Promise<{ id: string; cookie: string }> => {
    const secret = randomBytes(32).toString('base64url')
    const row = { id: randomUUID(), secret_hash: sha256(secret), ...label, created_at: new Date().toISOString(), lost_at: null }
    await pool.query('insert into auth.device (id, secret_hash, browser, system, created_at, mac) values ($1, $2, $3, $4, $5, $6)', [
      row.id,
      row.secret_hash,
      row.browser,
      row.system,
      row.created_at,
      rowMac(await macKey(), 'auth.device', deviceParts(row)),
    ])
    return { id: row.id, cookie: `${row.id}.${secret}` }
  }

  /** Returns a person's row on a device, or null where there is none that this installation wrote. */
  const personOn = async (client: Queryable, deviceId: string, staffId: string): Promise<DeviceStaffRow | null> => {
    const row = (await client.query<DeviceStaffRow>({ ...ofPerson, values: [deviceId, staffId] })).rows[0]
    return row && verifyRowMac(await macKey(), 'auth.device_staff', staffParts(row), row.mac) ? row : null
  }

  /** Whether the person has signed in on the device before, and it is not lost. */
  const knows = async (deviceId: string, staffId: string): Promise<boolean> => (await personOn(pool, deviceId, staffId))?.lost_at === null

  /** Stores a person's row where it still is what was read (null: where there is none). Returns false when somebody was faster. */
  const put = async (client: Queryable, before: DeviceStaffRow | null, next: Omit<DeviceStaffRow, 'mac'>): Promise<boolean> => {
    const values = [
      next.device_id,
      next.staff_id,
      next.first_at,
      next.pin_hash,
      next.pin_failures,
      next.sealed_draft_key,
      next.lost_at,
      rowMac(await macKey(), 'auth.device_staff', staffParts(next)),
    ]
    const { rowCount } = await client.query(
      before
        ? `update auth.device_staff set first_at = $3, pin_hash = $4, pin_failures = $5, sealed_draft_key = $6, lost_at = $7, mac = $8
             where device_id = $1 and staff_id = $2 and mac = $9`
        : `insert into auth.device_staff (device_id, staff_id, first_at, pin_hash, pin_failures, sealed_draft_key, lost_at, mac)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      before ? [...values, before.mac] : values,
    )
    return rowCount === 1
  }

  /** Notes that a person signed in on a device. Returns whether that is new, and not their first device at all. */
  const meet = async (deviceId: string, staffId: string): Promise<{ isNew: boolean }> => {
    if (await knows(deviceId, staffId)) return { isNew: false }
    const { rows } = await pool.query<{ others: boolean }>(
      'select exists (select from auth.device_staff where staff_id = $1 and device_id <> $2) as others',
      [staffId, deviceId],
    )
    // A row that was altered behind our back is no row: it is made anew, without PIN and draft key.
    await pool.query('delete from auth.device_staff where device_id = $1 and staff_id = $2', [deviceId, staffId])
    const first_at = new Date().toISOString()
    await put(pool, null, {
      device_id: deviceId,
      staff_id: staffId,
      first_at,
      pin_hash: null,
      pin_failures: 0,
      sealed_draft_key: null,
      lost_at: null,
    })
    return { isNew: rows[0]?.others ?? false }
  }

  /** Returns the key under which this person's drafts lie in this browser, made when first asked for; null where they are not known on the device. */
  const draftKey = async (deviceId: string, actor: { staffId: string; subject: number }): Promise<Buffer | null> => {
    const place = { entity: 'draft_key', recordId: `${deviceId}/${actor.staffId}`, subject: actor.subject }
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const row = await personOn(pool, deviceId, actor.staffId)
      if (!row || row.lost_at !== null) return null
      if (row.sealed_draft_key) return openOwn(parts, place, row.sealed_draft_key)
      const key = randomBytes(32)
      if (await put(pool, row, { ...row, sealed_draft_key: await sealOwn(parts, place, key) })) return key
    }
    return null
  }

  /**
   * Reports a device lost, for one person or (null) for everybody: PIN and draft key go at once. It is lost as a whole, and told so at its next contact,
   * once nobody is left on it. Returns the persons concerned.
   */
  const lose = async (client: Queryable, deviceId: string, staffId: string | null): Promise<string[]> => {
    const { rows } = await client.query<DeviceStaffRow>(
      'select device_id, staff_id, first_at, pin_hash, pin_failures, sealed_draft_key, lost_at, mac from auth.device_staff where device_id = $1 for update',
      [deviceId],
    )
    const lost_at = new Date().toISOString()
    const concerned = rows.filter((row) => row.lost_at === null && (staffId === null || row.staff_id === staffId))
    for (const row of concerned) await put(client, row, { ...row, pin_hash: null, pin_failures: 0, sealed_draft_key: null, lost_at })
    const left = rows.filter((row) => row.lost_at === null && !concerned.includes(row))
    const device = (await client.query<DeviceRow>({ ...byId, values: [deviceId] })).rows[0]
    if (device && device.lost_at === null && concerned.length > 0 && left.length === 0) {
      const mac = rowMac(await macKey(), 'auth.device', deviceParts({ ...device, lost_at }))
      await client.query('update auth.device set lost_at = $2, mac = $3 where id = $1', [deviceId, lost_at, mac])
    }
    return concerned.map((row) => row.staff_id)
  }

  return { ofCookie, issue, personOn, knows, put, meet, draftKey, lose }
}

export type Devices = ReturnType<typeof openDevices>
