import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { type KeyObject, randomUUID } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import { openOwn, type OwnSealing, sealOwn } from '../store/ownSeal.ts'
import type { ChallengePurpose, Challenges } from './challenges.ts'
import type { Site } from './site.ts'

// EdDSA, ES256, RS256 (RFC 9053, RFC 8812): what authenticators have. ML-DSA is still experimental in Node.
const algorithms = [-8, -7, -257]

/** Most passkeys of one person. */
const most = 20

type PasskeyRow = {
  id: string
  staff_id: string
  credential_id: string
  public_key: Buffer
  counter: number
  transports: string[]
  synced: boolean
  device_id: string | null
  sealed_name: Buffer
  created_at: string
  used_at: string | null
  mac: Buffer
}

const table = 'auth.passkey'
const columns = 'id, staff_id, credential_id, public_key, counter, transports, synced, device_id, sealed_name, created_at, used_at, mac'

// Under the MAC is all that decides; when it was used last is not.
const macParts = (row: Omit<PasskeyRow, 'mac' | 'used_at'>) => [
  row.id,
  row.staff_id,
  row.credential_id,
  row.public_key,
  row.counter,
  row.transports.join(','),
  row.synced,
  row.device_id,
  row.sealed_name,
  new Date(row.created_at),
]

const placeOf = (id: string, subject: number) => ({ entity: 'passkey', recordId: id, subject })

/** Why an answer of an authenticator was refused. */
export type PasskeyFault =
  | 'passkey_challenge'
  | 'passkey_unknown'
  | 'passkey_origin'
  | 'passkey_unverified'
  | 'passkey_counter'
  | 'passkey_invalid'

/** A passkey as its owner sees it; times are ISO 8601. `synced`: a copy lies with the maker of phone or browser. */
export type PasskeyInfo = {
  id: string
  name: string
  synced: boolean
  deviceId: string | null
  createdAt: string
  usedAt: string | null
}

type Parts = OwnSealing & { readonly macKey: () => Promise<KeyObject>; readonly challenges: Challenges; readonly site: () => Site }

const clientDataOf = (encoded: unknown): { challenge: string; origin: string } => {
  try {
    const { challenge, origin } = JSON.parse(Buffer.from(String(encoded), 'base64url').toString('utf8')) as Record<string, unknown>
    return { challenge: String(challenge), origin: String(origin) }
  } catch {
    return { challenge: '', origin: '' }
  }
}

// WebAuthn level 3, 6.1: 32 bytes hash of the RP id, flags (bit 2: user verified), then the counter in 4 bytes.
const faultOf = (origin: string, site: Site, authenticatorData: unknown, counter: number): PasskeyFault => {
  if (origin !== site.origin) return 'passkey_origin'
  const data = Buffer.from(String(authenticatorData), 'base64url')
  if (data.length < 37) return 'passkey_invalid'
  if ((data[32]! & 0x04) === 0) return 'passkey_unverified'
  const shown = data.readUInt32BE(33)
  return (shown > 0 || counter > 0) && shown <= counter ? 'passkey_counter' : 'passkey_invalid'
}

/** Passkeys: several per person, each bound to this site; the person is always verified by the authenticator (fingerprint, face, PIN). */
export const openPasskeys = (parts: Parts) => {
  const { pool, macKey, challenges, site } = parts
  const isOurs = async (row: PasskeyRow): Promise<boolean> => verifyRowMac(await macKey(), table, macParts(row), row.mac)

  const rowsOf = async (staffId: string): Promise<PasskeyRow[]> => {
    const { rows } = await pool.query<PasskeyRow>(`select ${columns} from auth.passkey where staff_id = $1 order by created_at`, [staffId])
    const ours = await Promise.all(rows.map(isOurs))
    return rows.filter((_, i) => ours[i])
  }

  /** Returns what a browser needs to make a passkey for this person. Throws `input_invalid` beyond twenty. */
  const registration = async (purpose: ChallengePurpose, binding: string, person: { staffId: string; login: string }) => {
    const held = await rowsOf(person.staffId)
    if (held.length >= most) throw new AppError('input_invalid', { problems: [{ field: 'passkey', problem: 'too_many' }] })
    const challenge = await challenges.make(purpose, binding)
    return generateRegistrationOptions({
      rpName: 'Anechoic 消声室',
      rpID: site().id,
      userName: person.login,
      userDisplayName: person.login,
      userID: Buffer.from(person.staffId.replaceAll('-', ''), 'hex'),
      challenge: Buffer.from(challenge, 'base64url'),
      timeout: 300_000,
      attestationType: 'none',
      supportedAlgorithmIDs: algorithms,
      excludeCredentials: held.map((row) => ({ id: row.credential_id, transports: row.transports })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
  }

  /** Stores the passkey a browser made and returns its id, or why it was refused. */
  const register = async (
    purpose: ChallengePurpose,
    binding: string,
    person: { staffId: string; subject: number; deviceId: string | null; name: string },
    response: RegistrationResponseJSON,
  ): Promise<{ id: string } | { fault: PasskeyFault }> => {
    const { challenge, origin } = clientDataOf(response.response?.clientDataJSON)
    if (!(await challenges.take(purpose, binding, challenge))) return { fault: 'passkey_challenge' }
    const at = site()
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: at.origin,
      expectedRPID: at.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }).catch(() => null)
    if (!verified?.verified) return { fault: faultOf(origin, at, response.response?.authenticatorData, 0) }
    const { credential, credentialDeviceType } = verified.registrationInfo
    const id = randomUUID()
    const row = {
      id,
      staff_id: person.staffId,
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: (credential.transports ?? []).map(String).slice(0, 8),
      synced: credentialDeviceType === 'multiDevice',
      device_id: person.deviceId,
      sealed_name: await sealOwn(parts, placeOf(id, person.subject), Buffer.from(person.name, 'utf8')),
      created_at: new Date().toISOString(),
    }
    const { rowCount } = await pool.query(
      `insert into auth.passkey (id, staff_id, credential_id, public_key, counter, transports, synced, device_id, sealed_name, created_at, mac)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (credential_id) do nothing`,
      [...Object.values(row), rowMac(await macKey(), table, macParts(row))],
    )
    if (rowCount !== 1) throw new AppError('duplicate')
    return { id }
  }

  /** Returns what a browser needs to show a passkey: of one person, or (null) whichever its user chooses. */
  const authentication = async (purpose: ChallengePurpose, binding: string, staffId: string | null) => {
    const challenge = await challenges.make(purpose, binding)
    const held = staffId === null ? [] : await rowsOf(staffId)
    return generateAuthenticationOptions({
      rpID: site().id,
      challenge: Buffer.from(challenge, 'base64url'),
      timeout: 300_000,
      userVerification: 'required',
      allowCredentials: held.map((row) => ({ id: row.credential_id, transports: row.transports })),
    })
  }

  /**
   * Judges a passkey that was shown: returns whose it is, or why it was refused and (if it is anybody's) whose. The counter moves in the statement that
   * finds it still where it was, so that one assertion sent twice at once counts once.
   */
  const authenticate = async (
    purpose: ChallengePurpose,
    binding: string,
    response: AuthenticationResponseJSON,
  ): Promise<{ staffId: string } | { fault: PasskeyFault; staffId: string | null }> => {
    const { challenge, origin } = clientDataOf(response.response?.clientDataJSON)
    const asked = await challenges.take(purpose, binding, challenge)
    const found = await pool.query<PasskeyRow>(`select ${columns} from auth.passkey where credential_id = $1`, [String(response.id)])
    const row = found.rows[0] && (await isOurs(found.rows[0])) ? found.rows[0] : null
    if (!asked) return { fault: 'passkey_challenge', staffId: row?.staff_id ?? null }
    if (!row) return { fault: 'passkey_unknown', staffId: null }
    const refused = (fault: PasskeyFault) => ({ fault, staffId: row.staff_id })
    const at = site()
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: at.origin,
      expectedRPID: at.id,
      requireUserVerification: true,
      credential: { id: row.credential_id, publicKey: new Uint8Array(row.public_key), counter: row.counter },
    }).catch(() => null)
    if (!verified?.verified) return refused(faultOf(origin, at, response.response?.authenticatorData, row.counter))
    const counter = verified.authenticationInfo.newCounter
    const mac = rowMac(await macKey(), table, macParts({ ...row, counter }))
    const { rowCount } = await pool.query('update auth.passkey set counter = $2, used_at = now(), mac = $3 where id = $1 and mac = $4', [
      row.id,
      counter,
      mac,
      row.mac,
    ])
    return rowCount === 1 ? { staffId: row.staff_id } : refused('passkey_counter')
  }

  /** Returns somebody's passkeys, oldest first. */
  const list = async (person: { staffId: string; subject: number }): Promise<PasskeyInfo[]> =>
    Promise.all(
      (await rowsOf(person.staffId)).map(async (row) => ({
        id: row.id,
        name: (await openOwn(parts, placeOf(row.id, person.subject), row.sealed_name)).toString('utf8'),
        synced: row.synced,
        deviceId: row.device_id,
        createdAt: row.created_at,
        usedAt: row.used_at,
      })),
    )

  /** Notes on which device a passkey was made, where that got its mark only afterwards. */
  const placeOn = async (id: string, deviceId: string): Promise<void> => {
    const { rows } = await pool.query<PasskeyRow>(`select ${columns} from auth.passkey where id = $1`, [id])
    const row = rows[0]
    if (!row || !(await isOurs(row))) return
    const mac = rowMac(await macKey(), table, macParts({ ...row, device_id: deviceId }))
    await pool.query('update auth.passkey set device_id = $2, mac = $3 where id = $1 and mac = $4', [id, deviceId, mac, row.mac])
  }

  return { registration, register, authentication, authenticate, list, placeOn }
}

export type Passkeys = ReturnType<typeof openPasskeys>
