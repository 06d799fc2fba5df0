import { Resolver } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'

type Options = {
  /** Longest wait, in seconds. */
  readonly seconds?: number
  /** Resolvers to ask, `address[:port]`; else the system's. */
  readonly servers?: readonly string[]
  readonly everyMs?: number
}

const resolverOf = (servers: readonly string[] | undefined): Resolver => {
  const resolver = new Resolver({ timeout: 3_000, tries: 1 })
  if (servers && servers.length > 0) resolver.setServers(servers)
  return resolver
}

/** The zone's own name servers, which know a new record first; empty where they cannot be had. */
const nameServersOf = async (zone: string, resolver: Resolver): Promise<string[]> => {
  const names = await resolver.resolveNs(zone).catch(() => [])
  const found = await Promise.all(names.map((name) => resolver.resolve4(name).catch(() => [])))
  return found.flatMap((addresses) => addresses.slice(0, 1))
}

/**
 * Waits until every name server of the zone answers with the TXT record, or until the time is up: then the authority is asked all the same, since
 * whoever cannot look here (no way to port 53) may still be believed there. Returns whether it was seen. Never throws.
 */
export const untilVisible = async (zone: string, name: string, value: string, options: Options = {}): Promise<boolean> => {
  const system = resolverOf(options.servers)
  const own = await nameServersOf(zone, system)
  const asked = own.length > 0 ? own.map((address) => resolverOf([address])) : [system]
  const deadline = performance.now() + (options.seconds ?? 120) * 1000
  for (;;) {
    const seen = await Promise.all(
      asked.map((resolver) =>
        resolver.resolveTxt(name).then(
          (records) => records.some((parts) => parts.join('') === value),
          () => false,
        ),
      ),
    )
    if (seen.every(Boolean)) return true
    if (performance.now() > deadline) return false
    await sleep(options.everyMs ?? 3_000)
  }
}
