import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '../../domain/errors.ts'
import { mayReach } from './mayReach.ts'

/** One place to connect to. `address` is what the name stood for at one moment: connecting to it, and not to the name again, is what stops rebinding. */
export type Target = { readonly host: string; readonly port: number; readonly addresses: readonly { address: string; family: 4 | 6 }[] }

/** Finds the addresses of a name; the system's resolver unless a test says otherwise. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>

const ask: Resolve = (host) => lookup(host, { all: true, verbatim: true })
/** Milliseconds a resolver may take: it has no time-out of its own that one could rely on. */
const longestLookup = 5_000

const refused = (problem: string): AppError => new AppError('outgoing_refused', { problem })

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('outgoing_failed', { problem: 'timeout' })), longestLookup)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Whether the owner's list names this place: `host` stands for its usual port, `host:port` for that one alone. */
const isAllowed = (allow: readonly string[], host: string, port: number, usual: number): boolean =>
  allow.map((entry) => entry.replaceAll(/[[\]]/g, '')).some((entry) => entry === `${host}:${port}` || (entry === host && port === usual))

/**
 * Resolves `host` once and judges what it stands for. `allow`: places the owner has named in the configuration, `host` or `host:port`, which may be private and have
 * any port; all others must be names (no literal addresses), on `usualPort`, with every address public.
 * Throws `outgoing_refused` (`literal_address`, `port`, `private_address`) or `outgoing_failed` (`name`, `timeout`).
 */
export const resolveTarget = async (
  host: string,
  port: number,
  { allow = [], usualPort = 443, resolve = ask }: { allow?: readonly string[]; usualPort?: number; resolve?: Resolve } = {},
): Promise<Target> => {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const allowed = isAllowed(allow, bare.toLowerCase(), port, usualPort)
  if (!allowed && port !== usualPort) throw refused('port')
  const literal = isIP(bare)
  if (literal !== 0) {
    if (!mayReach(bare, allowed)) throw refused('private_address')
    if (!allowed) throw refused('literal_address')
    return { host: bare, port, addresses: [{ address: bare, family: literal as 4 | 6 }] }
  }
  const found = await inTime(resolve(bare)).catch((cause: unknown) => {
    throw cause instanceof AppError ? cause : new AppError('outgoing_failed', { problem: 'name' }, { cause })
  })
  // One private address among public ones is how a name is made to pass here and to lead elsewhere.
  if (found.length === 0 || !found.every(({ address }) => mayReach(address, allowed))) throw refused('private_address')
  return { host: bare, port, addresses: found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })) }
}
