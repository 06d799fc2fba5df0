import { type KeyObject, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import { openOwn, type OwnSealing, sealOwn } from '../store/ownSeal.ts'
import type { Challenges } from './challenges.ts'

// RFC 6238 with what every authenticator app takes: SHA-1, 6 digits, 30 seconds; one step to either side for clocks that differ (section 5.2).
const period = 30
const window = 1
const secretBytes = 20

type Row = { staff_id: string; sealed_secret: Buffer; created_at: string; last_step: number; mac: Buffer }
type Person = { readonly staffId: string; readonly subject: number }

const table = 'auth.totp'
const macParts = (row: Omit<Row, 'mac'>) => [row.staff_id, row.sealed_secret, new Date(row.created_at), row.last_step]
const placeOf = ({ staffId, subject }: Person) => ({ entity: 'totp', recordId: staffId, subject })

const totpOf = (secret: Buffer, label = ''): TOTP =>
  new TOTP({
    issuer: 'Anechoic',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
  })

/** Returns the time step (30 seconds since 1970) whose code this is, or null. `now` in milliseconds since 1970. */
export const stepOf = (secret: Buffer, code: string, now: number): number | null => {
  const delta = /^\d{6}$/.test(code) ? totpOf(secret).validate({ token: code, window, timestamp: now }) : null
  return delta === null ? null : Math.floor(now / 1000 / period) + delta
}

/** Codes of authenticator apps: one secret per person, sealed under their own key; it counts once a first code has confirmed it. */
export const openOneTimeCodes = (parts: OwnSealing & { macKey: () => Promise<KeyObject>; challenges: Challenges; now?: () => number }) => {
  const { pool, macKey, challenges, now = Date.now } = parts

  /** Makes a secret to be shown once, as text (base32) and as the address of a QR code. It is nobody's until `confirm`. */
  const propose = async (
    person: Person & { login: string },
    sessionId: string,
  ): Promise<{ secret: string; uri: string; ticket: string }> => {
    const secret = randomBytes(secretBytes)
    const ticket = await challenges.make('code', sessionId, await sealOwn(parts, placeOf(person), secret))
    const totp = totpOf(secret, person.login)
    return { secret: totp.secret.base32, uri: totp.toString(), ticket }
  }

  /** Stores the proposed secret in place of another one if the code is right. After a wrong code the proposal goes on under the ticket that is returned. */
  const confirm = async (
    person: Person,
    sessionId: string,
    ticket: string,
    code: string,
  ): Promise<'confirmed' | 'expired' | { wrong: string }> => {
    const proposed = await challenges.take('code', sessionId, ticket)
    if (!proposed?.detail) return 'expired'
    const secret = await openOwn(parts, placeOf(person), proposed.detail)
    const step = stepOf(secret, code, now())
    if (step === null) return { wrong: await challenges.make('code', sessionId, proposed.detail) }
    const row = { staff_id: person.staffId, sealed_secret: proposed.detail, created_at: new Date().toISOString(), last_step: step }
    await pool.query(
      `insert into auth.totp (staff_id, sealed_secret, created_at, last_step, mac) values ($1, $2, $3, $4, $5)
       on conflict (staff_id) do update set sealed_secret = $2, created_at = $3, last_step = $4, mac = $5`,
      [...Object.values(row), rowMac(await macKey(), table, macParts(row))],
    )
    return 'confirmed'
  }

  /** Whether the code is right and of a step later than the last one accepted. The step is taken in one statement: a code counts once. */
  const accept = async (person: Person, code: string): Promise<'right' | 'wrong' | 'reused'> => {
    const { rows } = await pool.query<Row>(
      'select staff_id, sealed_secret, created_at, last_step, mac from auth.totp where staff_id = $1',
      [person.staffId],
    )
    const row = rows[0]
    const key = await macKey()
    if (!row || !verifyRowMac(key, table, macParts(row), row.mac)) return 'wrong'
    const step = stepOf(await openOwn(parts, placeOf(person), row.sealed_secret), code, now())
    if (step === null) return 'wrong'
    if (step <= row.last_step) return 'reused'
    const { rowCount } = await pool.query('update auth.totp set last_step = $2, mac = $3 where staff_id = $1 and mac = $4', [
      row.staff_id,
      step,
      rowMac(key, table, macParts({ ...row, last_step: step })),
      row.mac,
    ])
    return rowCount === 1 ? 'right' : 'reused'
  }

  return { propose, confirm, accept }
}

export type OneTimeCodes = ReturnType<typeof openOneTimeCodes>
