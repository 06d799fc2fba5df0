import { type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { idleEndMinutes, passwordDays } from '../../domain/compliance/dengbao.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Queryable } from '../store/database.ts'
import { statement } from '../store/statement.ts'
import { actorColumns, type ActorRow, type Actors, isActing } from './actors.ts'
import { isProfileOn } from './profile.ts'
import type { Method, Session } from './session.ts'
import { csrfOf, isOurs, sessionColumns, sessionMac, sessionOf, type SessionRow, type SessionState, tokenHash } from './sessionRow.ts'

/** Idle minutes after which a session locks, hours to its absolute end, and minutes that what was shown counts as fresh (DESIGN 6). */
export const idleMinutes = 15
export const absoluteHours = 8
const freshMinutes = 5
/** How long an answer is kept in memory: a revocation bites within it. */
const cacheMs = 2_000
const mostCached = 5_000

// A session seen in the future is of a clock that was set back since: until it has caught up nothing would end that session. `seen_at` alone is
// compared, since it is the database's own time: the clock of a database elsewhere may well go a little otherwise than ours.
const isRunning = `s.expires_at > now() and s.seen_at < now() + interval '1 minute'`

const stateColumns = `s.seen_at < now() - interval '1 minute' as stale, s.seen_at < now() - interval '${idleMinutes} minutes' as idle,
  coalesce(c.must_change, false) as must_change, coalesce(c.first_sign_in_at, (select i.linked_at from auth.identity i where i.staff_id = s.staff_id)) as first_sign_in_at,
  c.staff_id is not null as has_password,
  exists (select from auth.passkey p where p.staff_id = s.staff_id) as has_passkey,
  exists (select from auth.totp o where o.staff_id = s.staff_id) as has_code,
  (select value from setting where key = 'secondFactor') as second_factor, (select value from setting where key = 'profile') as profile,
  s.seen_at < now() - interval '${idleEndMinutes} minutes' as over,
  coalesce(c.password_set_at < now() - interval '${passwordDays} days', false) as old_password`

const select = (where: string) => `select ${sessionColumns}, ${stateColumns}, ${actorColumns}
  from auth.session s join staff st on st.id = s.staff_id left join auth.credential c on c.staff_id = s.staff_id
  where ${where} and ${isRunning} and ${isActing}`

const byToken = statement(select('s.token_hash = $1'))
const byDevice = statement(`${select('s.device_id = $1')} order by s.created_at`)

type FullRow = SessionRow & SessionState & ActorRow
type Cached = { session: Session; until: number }

/** How a session begins. `seal` gives what is kept of the caller's address, sealed under their own key. */
export type Beginning = { method?: Method; deviceId?: string | null; seal?: (sessionId: string) => Promise<Buffer | null> }

/** A session as its owner, or who manages staff, sees it in the list. Times are ISO 8601. */
export type SessionInfo = {
  id: string
  createdAt: string
  seenAt: string
  expiresAt: string
  current: boolean
  method: Method
  deviceId: string | null
  browser: string | null
  system: string | null
  sealedClient: Buffer | null
}

type Options = {
  pool: Queryable
  macKey: () => Promise<KeyObject>
  actors: Actors
  now?: () => number
  /** Milliseconds that what was shown counts as fresh; tests that sign in once for many acts set it wide. */
  freshFor?: number
}

/** Sessions live in PostgreSQL, so that any node knows them. The token is in the cookie only; the table holds its hash, and a MAC over the row. */
export const openSessions = (options: Options) => {
  const { pool, macKey, actors, now = () => performance.now(), freshFor = freshMinutes * 60_000 } = options
  const cache = new Map<string, Cached>()
  let endings = 0

  const remember = (token: string, session: Session): void => {
    if (cache.size >= mostCached) cache.clear()
    // Whose last day ends in a second has a second, not two.
    const left = Math.min(
      cacheMs,
      ...session.actor.standings.map(({ until }) => (until === null ? cacheMs : Date.parse(until) - Date.now())),
    )
    if (left > 0) cache.set(token, { session, until: now() + left })
  }

  const forgetCached = (matches: (session: Session) => boolean): void => {
    endings += 1
    for (const [token, { session }] of cache) if (matches(session)) cache.delete(token)
  }

  const fromRow = async (key: KeyObject, row: FullRow, csrfToken: string): Promise<Session> =>
    sessionOf(key, row, await actors.fromRow(row, row.id, null), { csrfToken, freshFor })

  const load = async (token: string, touch: boolean): Promise<Session | null> => {
    const { rows } = await pool.query<FullRow>({ ...byToken, values: [tokenHash(token)] })
    const row = rows[0]
    const key = await macKey()
    if (!row || !isOurs(key, row) || (row.over && isProfileOn(key, row.profile))) return null
    const session = await fromRow(key, row, csrfOf(key, token))
    if (row.stale && touch && !session.locked) await pool.query('update auth.session set seen_at = now() where id = $1', [row.id])
    return session
  }

  /**
   * Returns the session of a token with the caller's address in its actor, or null; it may be locked. One query at most every two seconds per session,
   * unless asked `anew`. `idle`: nobody is at the screen, so this request does not keep the session from locking.
   */
  const ofToken = async (
    token: string,
    address: string | null,
    { anew = false, idle = false }: { anew?: boolean; idle?: boolean } = {},
  ): Promise<Session | null> => {
    if (!/^[\w-]{43}$/.test(token)) return null
    const cached = anew ? undefined : cache.get(token)
    if (cached && cached.until > now()) return { ...cached.session, actor: { ...cached.session.actor, address } }
    cache.delete(token)
    const before = endings
    const session = await load(token, !idle)
    if (!session) return null
    // What was read while a session ended may be that session: it is not kept.
    if (endings === before) remember(token, session)
    return { ...session, actor: { ...session.actor, address } }
  }

  const freshToken = (key: KeyObject) => {
    const token = randomBytes(32).toString('base64url')
    const csrfToken = csrfOf(key, token)
    return { token, csrfToken, token_hash: tokenHash(token), csrf_hash: tokenHash(csrfToken) }
  }

  /** Begins a session for an actor and returns it with its token, which nobody can be told again. */
  const begin = async (
    actor: Actor,
    { method = 'password', deviceId = null, seal }: Beginning = {},
  ): Promise<{ token: string; session: Session }> => {
    const key = await macKey()
    const { token, token_hash, csrf_hash } = freshToken(key)
    const created = Date.now()
    const row: SessionRow = {
      id: randomUUID(),
      token_hash,
      csrf_hash,
      session_staff: actor.staffId,
      device_id: deviceId,
      method,
      shown: method,
      created_at: new Date(created).toISOString(),
      expires_at: new Date(created + absoluteHours * 3_600_000).toISOString(),
      step_up_at: new Date(created).toISOString(),
      locked_at: null,
    }
    const sealedClient = (await seal?.(row.id)) ?? null
    await pool.query(
      `with ended as (delete from auth.session where expires_at < now() - interval '1 day')
       insert into auth.session (id, token_hash, csrf_hash, staff_id, device_id, method, shown, created_at, seen_at, expires_at, step_up_at, sealed_client, mac)
       values ($1, $2, $3, $4, $5, $6, $7, $8, now(), $9, $10, $11, $12)`,
      [
        row.id,
        row.token_hash,
        row.csrf_hash,
        row.session_staff,
        row.device_id,
        row.method,
        row.shown,
        row.created_at,
        row.expires_at,
        row.step_up_at,
        sealedClient,
        sessionMac(key, row),
      ],
    )
    const session = await load(token, false)
    if (!session) throw new Error('a session that has just begun is not there')
    return { token, session: { ...session, actor: { ...session.actor, address: actor.address } } }
  }

  // Read, changed and written under its MAC; whoever was faster (a lock, an unlocking elsewhere) is not overwritten.
  const rewrite = async (row: SessionRow & { mac: Buffer }, change: Partial<SessionRow>, seen: boolean): Promise<boolean> => {
    const next = { ...row, ...change }
    const { rowCount } = await pool.query(
      `update auth.session set token_hash = $3, csrf_hash = $4, shown = $5, step_up_at = $6, locked_at = $7, mac = $8,
         seen_at = case when $9 then now() else seen_at end where id = $1 and mac = $2`,
      [
        row.id,
        row.mac,
        next.token_hash,
        next.csrf_hash,
        next.shown,
        next.step_up_at,
        next.locked_at,
        sessionMac(await macKey(), next),
        seen,
      ],
    )
    forgetCached((session) => session.id === row.id)
    return rowCount === 1
  }

  const rowOf = async (id: string): Promise<FullRow | null> => {
    const { rows } = await pool.query<FullRow>(select('s.id = $1'), [id])
    return rows[0] && isOurs(await macKey(), rows[0]) ? rows[0] : null
  }

  /** Locks a session: nothing but unlocking works with it. */
  const lock = async (id: string): Promise<void> => {
    const row = await rowOf(id)
    if (row && row.locked_at === null) await rewrite(row, { locked_at: new Date().toISOString() }, false)
  }

  /** Notes that the session's holder has shown who they are just now. Returns false when the session is not there any more. */
  const showed = async (id: string, shown: Method, at = new Date()): Promise<boolean> => {
    const row = await rowOf(id)
    return row !== null && rewrite(row, { shown, step_up_at: at.toISOString() }, true)
  }

  /** Gives a session a new token and unlocks it; `shown` where more than a PIN was shown. Returns null when it is not there any more. */
  const renew = async (id: string, shown: Method | null): Promise<{ token: string; session: Session } | null> => {
    const row = await rowOf(id)
    if (!row) return null
    const { token, token_hash, csrf_hash } = freshToken(await macKey())
    const change = { token_hash, csrf_hash, locked_at: null, ...(shown ? { shown, step_up_at: new Date().toISOString() } : {}) }
    if (!(await rewrite(row, change, true))) return null
    const session = await load(token, false)
    return session && { token, session }
  }

  /** Returns the sessions that run on a device, locked or not, oldest first. */
  const onDevice = async (deviceId: string): Promise<Session[]> => {
    const key = await macKey()
    const { rows } = await pool.query<FullRow>({ ...byDevice, values: [deviceId] })
    return Promise.all(rows.filter((row) => isOurs(key, row)).map((row) => fromRow(key, row, '')))
  }

  /** Ends one session of this member of staff; returns whether it was there. */
  const end = async (staffId: string, id: string): Promise<boolean> => {
    const { rowCount } = await pool.query('delete from auth.session where id = $1 and staff_id = $2', [id, staffId])
    forgetCached((session) => session.id === id)
    return rowCount === 1
  }

  /** Ends the sessions of a member of staff, but for one; returns how many. */
  const endAll = async (staffId: string, but: string | null = null): Promise<number> => {
    const { rowCount } = await pool.query('delete from auth.session where staff_id = $1 and id is distinct from $2', [staffId, but])
    forgetCached((session) => session.actor.staffId === staffId && session.id !== but)
    return rowCount ?? 0
  }

  /** Ends sessions on a device: all, or one person's. */
  const endOnDevice = async (deviceId: string, staffId: string | null): Promise<void> => {
    await pool.query('delete from auth.session where device_id = $1 and ($2::uuid is null or staff_id = $2)', [deviceId, staffId])
    forgetCached((session) => session.deviceId === deviceId && (staffId === null || session.actor.staffId === staffId))
  }

  /** Forgets what is held in memory of somebody's sessions: what their account has, or owes, has changed. */
  const refresh = (staffId: string): void => forgetCached((session) => session.actor.staffId === staffId)

  /** Returns the sessions of a member of staff, newest first; `current` marks the given one. */
  const list = async (staffId: string, current: string | null): Promise<SessionInfo[]> => {
    const { rows } = await pool.query<Omit<SessionInfo, 'current'>>(
      `select s.id, s.created_at as "createdAt", s.seen_at as "seenAt", s.expires_at as "expiresAt", s.method, s.device_id as "deviceId", d.browser, d.system,
         s.sealed_client as "sealedClient"
       from auth.session s left join auth.device d on d.id = s.device_id where s.staff_id = $1 and ${isRunning} order by s.created_at desc`,
      [staffId],
    )
    return rows.map((row) => ({ ...row, current: row.id === current }))
  }

  return { ofToken, begin, lock, showed, renew, onDevice, end, endAll, endOnDevice, refresh, list }
}

export type Sessions = ReturnType<typeof openSessions>
