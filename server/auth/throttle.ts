import type { KeyObject } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { textMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

/** What attempts are counted by. `device`: an account from a browser that has signed in to it before (OWASP, device cookies). `caller`: somebody's lookups of numbers. */
export type ThrottleKind = 'account' | 'device' | 'address' | 'caller' | 'share'

/**
 * Attempts without delay, and the longest delay in seconds. A shop's staff share one address. An account is never locked: whoever guesses at it
 * from elsewhere slows strangers down, while its own browsers count apart.
 */
const limits: Readonly<Record<ThrottleKind, { free: number; longest: number }>> = {
  account: { free: 5, longest: 900 },
  device: { free: 8, longest: 60 },
  address: { free: 30, longest: 300 },
  // Lookups of callers that find nobody of one's own: a busy day at the telephone, and no more than a few hundred for who tries numbers through.
  caller: { free: 100, longest: 300 },
  // PINs of a shared link: six digits stand, with a few tries and then hours, for as long as a link lives.
  share: { free: 5, longest: 3_600 },
}

/** Delay before the next attempt, in seconds, doubling from one second. */
export const delayAfter = (kind: ThrottleKind, attempts: number): number => {
  const { free, longest } = limits[kind]
  return attempts < free ? 0 : Math.min(longest, 2 ** Math.min(attempts - free, 20))
}

// A day of rest forgives. So does a clock that was set back: what was counted in its future would else hold for as long as it had been wrong.
const rested = "(t.first_at < now() - interval '1 day' or t.first_at > now())"

// One statement takes the attempt or finds the door closed, so parallel guesses count one by one.
const take = `insert into auth.throttle as t (key, failures, first_at, blocked_until) values ($1, 1, now(), null)
  on conflict (key) do update set
    failures = case when ${rested} then 1 else t.failures + 1 end,
    first_at = case when ${rested} then now() else t.first_at end,
    blocked_until = now() + make_interval(secs => case when ${rested} or t.failures + 1 < $2 then 0
      else least($3, power(2, least(t.failures + 1 - $2, 20))) end)
  where t.blocked_until is null or t.blocked_until <= now() or t.blocked_until > now() + make_interval(secs => $3)
  returning failures`

const wait = 'select greatest(1, ceil(extract(epoch from blocked_until - now())))::int as seconds from auth.throttle where key = $1'

/** Counts attempts in PostgreSQL, under keyed hashes, so that all nodes count together and the table names nobody. */
export const openThrottle = ({ pool, macKey }: { pool: Queryable; macKey: () => Promise<KeyObject> }) => {
  const keyOf = async (kind: ThrottleKind, what: string): Promise<Buffer> => textMac(await macKey(), `throttle/${kind}`, what)

  /** Takes one attempt, before it is judged. Throws `throttled` with `retryAfter` in seconds. */
  const attempt = async (kind: ThrottleKind, what: string): Promise<void> => {
    const key = await keyOf(kind, what)
    const { rowCount } = await pool.query(take, [key, limits[kind].free, limits[kind].longest])
    if (rowCount === 1) return
    const { rows } = await pool.query<{ seconds: number }>(wait, [key])
    throw new AppError('throttled', { retryAfter: rows[0]?.seconds ?? 1 })
  }

  /** Forgets the attempts of an account or device after it succeeded. */
  const forgive = async (kind: ThrottleKind, what: string): Promise<void> => {
    await pool.query('delete from auth.throttle where key = $1', [await keyOf(kind, what)])
  }

  /** Gives one attempt of an address back after it succeeded; earlier failures from there still count. */
  const giveBack = async (kind: ThrottleKind, what: string): Promise<void> => {
    await pool.query('update auth.throttle set failures = greatest(0, failures - 1), blocked_until = null where key = $1', [
      await keyOf(kind, what),
    ])
  }

  return { attempt, forgive, giveBack }
}

export type Throttle = ReturnType<typeof openThrottle>
