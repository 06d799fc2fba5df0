import { createHash, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import type { Actor } from '../../domain/policy/actor.ts'
import { rowMac, textMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'
import { statement } from '../store/statement.ts'
import { actorColumns, type ActorRow, type Actors, isActing } from './actors.ts'
import type { Session } from './session.ts'

/** Idle and absolute end of a session (DESIGN 6), and how long an answer is kept in memory: a revocation bites within it. */
export const idleMinutes = 15
export const absoluteHours = 8
const cacheMs = 2_000
const mostCached = 5_000

const table = 'auth.session'

type SessionRow = {
  id: string
  token_hash: Buffer
  csrf_hash: Buffer
  session_staff: string
  created_at: string
  expires_at: string
  mac: Buffer
  stale: boolean
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

const csrfOf = (macKey: KeyObject, token: string): string => textMac(macKey, 'csrf', token).toString('base64url')

const parts = (
  row: Pick<SessionRow, 'id' | 'token_hash' | 'csrf_hash' | 'session_staff' | 'created_at' | 'expires_at'>,
): (string | Buffer | Date)[] => [
  row.id,
  row.token_hash,
  row.csrf_hash,
  row.session_staff,
  new Date(row.created_at),
  new Date(row.expires_at),
]

// A session seen in the future is of a clock that was set back since: until it has caught up nothing would end that session. `seen_at` alone is
// compared, since it is the database's own time: the clock of a database elsewhere may well go a little otherwise than ours.
const isRunning = `s.expires_at > now() and s.seen_at between now() - interval '${idleMinutes} minutes' and now() + interval '1 minute'`

const find = statement(`select s.id, s.token_hash, s.csrf_hash, s.staff_id as session_staff, s.created_at, s.expires_at, s.mac,
    s.seen_at < now() - interval '1 minute' as stale, ${actorColumns}
  from auth.session s join staff st on st.id = s.staff_id
  where s.token_hash = $1 and ${isRunning} and ${isActing}`)

type Cached = { session: Session; until: number }

/** A session as its owner sees it in the list. Times are ISO 8601. */
export type SessionInfo = { id: string; createdAt: string; seenAt: string; expiresAt: string; current: boolean }

/** Sessions live in PostgreSQL, so that any node knows them. The token is in the cookie only; the table holds its hash, and a MAC over the row. */
export const openSessions = (options: { pool: Queryable; macKey: () => Promise<KeyObject>; actors: Actors; now?: () => number }) => {
  const { pool, macKey, actors, now = () => performance.now() } = options
  const cache = new Map<string, Cached>()
  let endings = 0

  const remember = (token: string, session: Session): void => {
    if (cache.size >= mostCached) cache.clear()
    cache.set(token, { session, until: now() + cacheMs })
  }

  const load = async (token: string): Promise<Session | null> => {
    const { rows } = await pool.query<SessionRow & ActorRow>({ ...find, values: [sha256(token)] })
    const row = rows[0]
    const key = await macKey()
    if (!row || !verifyRowMac(key, table, parts(row), row.mac)) return null
    if (row.stale) await pool.query('update auth.session set seen_at = now() where id = $1', [row.id])
    return { id: row.id, actor: await actors.fromRow(row, row.id, null), csrfToken: csrfOf(key, token), expiresAt: row.expires_at }
  }

  /** Returns the running session of a token with the caller's address in its actor, or null. One query at most every two seconds per session. */
  const ofToken = async (token: string, address: string | null): Promise<Session | null> => {
    if (!/^[\w-]{43}$/.test(token)) return null
    const cached = cache.get(token)
    if (cached && cached.until > now()) return { ...cached.session, actor: { ...cached.session.actor, address } }
    cache.delete(token)
    const before = endings
    const session = await load(token)
    if (!session) return null
    // What was read while a session ended may be that session: it is not kept.
    if (endings === before) remember(token, session)
    return { ...session, actor: { ...session.actor, address } }
  }

  /** Begins a session for an actor and returns it with its token, which nobody can be told again. */
  const begin = async (actor: Actor): Promise<{ token: string; session: Session }> => {
    const key = await macKey()
    const token = randomBytes(32).toString('base64url')
    const csrfToken = csrfOf(key, token)
    const created = Date.now()
    const row = {
      id: randomUUID(),
      token_hash: sha256(token),
      csrf_hash: sha256(csrfToken),
      session_staff: actor.staffId,
      created_at: new Date(created).toISOString(),
      expires_at: new Date(created + absoluteHours * 3_600_000).toISOString(),
    }
    await pool.query(
      `with ended as (delete from auth.session where expires_at < now() - interval '1 day')
       insert into auth.session (id, token_hash, csrf_hash, staff_id, created_at, seen_at, expires_at, mac) values ($1, $2, $3, $4, $5, now(), $6, $7)`,
      [row.id, row.token_hash, row.csrf_hash, row.session_staff, row.created_at, row.expires_at, rowMac(key, table, parts(row))],
    )
    return { token, session: { id: row.id, actor: { ...actor, sessionId: row.id }, csrfToken, expiresAt: row.expires_at } }
  }

  const forgetCached = (matches: (session: Session) => boolean): void => {
    endings += 1
    for (const [token, { session }] of cache) if (matches(session)) cache.delete(token)
  }

  /** Ends one session of this member of staff; returns whether it was there. */
  const end = async (staffId: string, id: string): Promise<boolean> => {
    const { rowCount } = await pool.query('delete from auth.session where id = $1 and staff_id = $2', [id, staffId])
    forgetCached((session) => session.id === id)
    return rowCount === 1
  }

  /** Ends all sessions of a member of staff. */
  const endAll = async (staffId: string): Promise<void> => {
    await pool.query('delete from auth.session where staff_id = $1', [staffId])
    forgetCached((session) => session.actor.staffId === staffId)
  }

  /** Returns the running sessions of a member of staff, newest first. */
  const list = async (actor: Actor): Promise<SessionInfo[]> => {
    const { rows } = await pool.query<{ id: string; created_at: string; seen_at: string; expires_at: string }>(
      `select s.id, s.created_at, s.seen_at, s.expires_at from auth.session s where s.staff_id = $1 and ${isRunning} order by s.created_at desc`,
      [actor.staffId],
    )
    return rows.map((row) => ({
      id: row.id,
      createdAt: row.created_at,
      seenAt: row.seen_at,
      expiresAt: row.expires_at,
      current: row.id === actor.sessionId,
    }))
  }

  return { ofToken, begin, end, endAll, list }
}

export type Sessions = ReturnType<typeof openSessions>
