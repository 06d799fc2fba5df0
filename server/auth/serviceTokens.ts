import { createHash, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Audit } from '../audit/audit.ts'
import { rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { statement } from '../store/statement.ts'
import type { Session } from './session.ts'
import { actorColumns, type ActorRow, type Actors, isActing } from './actors.ts'

const tokenTable = 'auth.service_token'
const accountTable = 'auth.service_account'
const prefix = 'anc_'
const cacheMs = 2_000

/** A token of a program, as stored: never itself. Times are ISO 8601; `addresses` are CIDR, none means any. */
export type TokenRow = {
  token_id: string
  token_staff: string
  token_hash: Buffer
  read_only: boolean
  addresses: string[]
  token_created: string
  token_expires: string
  token_mac: Buffer
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

const tokenParts = (row: Omit<TokenRow, 'token_mac'>): (string | Buffer | boolean | Date)[] => [
  row.token_id,
  row.token_staff,
  row.token_hash,
  row.read_only,
  row.addresses.toSorted().join(','),
  new Date(row.token_created),
  new Date(row.token_expires),
]

/** Registers a program: one of the staff whom `owner` answers for, with a purpose. In the caller's transaction. */
export const storeAccount = async (
  client: Queryable,
  macKey: KeyObject,
  account: { staffId: string; ownerId: string; purpose: string; createdBy: string },
): Promise<void> => {
  const { staffId, ownerId, purpose, createdBy } = account
  await client.query(
    `insert into auth.service_account (staff_id, owner_id, purpose, created_by, created_at, mac) values ($1, $2, $3, $4, now(), $5)
     on conflict (staff_id) do update set owner_id = $2, purpose = $3, mac = $5`,
    [staffId, ownerId, purpose, createdBy, rowMac(macKey, accountTable, [staffId, ownerId])],
  )
}

/** Makes a token for a program and returns it: nobody can be told it again. `addresses` in the form the database gives them back. */
export const issueToken = async (
  client: Queryable,
  macKey: KeyObject,
  asked: { staffId: string; readOnly: boolean; addresses: readonly string[]; days: number },
): Promise<{ id: string; token: string; expiresAt: string }> => {
  const token = prefix + randomBytes(32).toString('base64url')
  const created = Date.now()
  const { rows } = await client.query<{ addresses: string[] }>('select array(select unnest($1::cidr[])::text) as addresses', [
    asked.addresses,
  ])
  const row = {
    token_id: randomUUID(),
    token_staff: asked.staffId,
    token_hash: sha256(token),
    read_only: asked.readOnly,
    addresses: rows[0]!.addresses,
    token_created: new Date(created).toISOString(),
    token_expires: new Date(created + asked.days * 86_400_000).toISOString(),
  }
  await client.query(
    `insert into auth.service_token (id, staff_id, token_hash, read_only, addresses, created_at, expires_at, mac) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [...Object.values(row), rowMac(macKey, tokenTable, tokenParts(row))],
  )
  return { id: row.token_id, token, expiresAt: row.token_expires }
}

// The owner answers for the program: when they may not act any more, neither may it.
const find = statement(`select t.id as token_id, t.staff_id as token_staff, t.token_hash, t.read_only,
    array(select unnest(t.addresses)::text) as addresses, t.created_at as token_created, t.expires_at as token_expires, t.mac as token_mac,
    a.owner_id, a.mac as account_mac, cardinality(t.addresses) = 0 or $2::inet <<= any(t.addresses) as allowed,
    coalesce(t.last_used_at, '-infinity') < now() - interval '1 minute' as stale, ${actorColumns}
  from auth.service_token t join auth.service_account a on a.staff_id = t.staff_id join staff st on st.id = t.staff_id and st.kind = 'service'
  where t.token_hash = $1 and t.expires_at > now() and ${isActing}
    and exists (select 1 from staff st where st.id = a.owner_id and ${isActing})`)

type Found = TokenRow & ActorRow & { owner_id: string; account_mac: Buffer; allowed: boolean; stale: boolean }

const noFactors = { password: false, passkey: false, code: false } as const

/** A program's request as a session of its own: nobody sits at it, so it is never locked, owes nothing, and never shows a factor afresh. */
const sessionOf = (row: Found, actor: Actor): Session => ({
  id: row.token_id,
  actor,
  csrfToken: '',
  expiresAt: row.token_expires,
  deviceId: null,
  method: 'token',
  program: { readOnly: row.read_only },
  locked: false,
  owes: null,
  factorDue: null,
  freshUntil: 0,
  factors: noFactors,
})

/** Opens the tokens of programs. */
export const openServiceTokens = (options: {
  pool: Queryable
  macKey: () => Promise<KeyObject>
  actors: Actors
  audit: Pick<Audit, 'refused'>
  now?: () => number
}) => {
  const { pool, macKey, actors, audit, now = () => performance.now() } = options
  const cache = new Map<string, { program: Session; until: number }>()

  const load = async (token: string, address: string | null): Promise<Session | null> => {
    const { rows } = await pool.query<Found>({ ...find, values: [sha256(token), address] })
    const row = rows[0]
    const key = await macKey()
    const isOurs =
      row !== undefined &&
      verifyRowMac(key, tokenTable, tokenParts(row), row.token_mac) &&
      verifyRowMac(key, accountTable, [row.token_staff, row.owner_id], row.account_mac)
    if (!row || !isOurs || !row.allowed) {
      await audit.refused({
        actor: null,
        action: 'sign_in_failed',
        entity: 'session',
        ids: row ? [row.token_staff] : [],
        subjects: row ? [row.subject] : [],
        fields: ['token'],
      })
      return null
    }
    if (row.stale) await pool.query('update auth.service_token set last_used_at = now() where id = $1', [row.token_id])
    return sessionOf(row, await actors.fromRow(row, row.token_id, address))
  }

  /**
   * Returns the program whose token this is, if it is asked from where it may be; else null, on record. The local socket (address null) is nowhere an
   * allow-list names. One query at most every two seconds per token and address.
   */
  const ofToken = async (token: string, address: string | null): Promise<Session | null> => {
    if (!/^anc_[\w-]{43}$/.test(token)) return null
    const key = `${address} ${token}`
    const known = cache.get(key)
    if (known && known.until > now()) return known.program
    cache.delete(key)
    const program = await load(token, address)
    if (cache.size > 1_000) cache.clear()
    if (program) cache.set(key, { program, until: now() + cacheMs })
    return program
  }

  /** Forgets what is kept in memory, so that a revocation bites at once here. */
  const forget = (): void => cache.clear()

  return { ofToken, forget }
}

export type ServiceTokens = ReturnType<typeof openServiceTokens>
