/** A DNS provider that can write the record by which ACME's dns-01 challenge is answered (RFC 8555 8.4). Both throw `outgoing_failed`. */
export type DnsProvider = {
  /** Adds a TXT record below the zone and returns the provider's id of it. `name` is relative to the zone: `_acme-challenge.crm`. */
  readonly present: (name: string, value: string) => Promise<string>
  /** Removes the record again. */
  readonly cleanUp: (id: string) => Promise<void>
}

/** Credentials and zone; `endpoint`, `ca` and `allow` are for stand-ins in tests. */
export type DnsAccount = {
  readonly id: string
  readonly secret: string
  readonly zone: string
  readonly endpoint?: string
  readonly ca?: string
  readonly allow?: readonly string[]
}

/** Seconds a resolver may keep the record. The least that both providers' free plans allow. */
export const recordTtl = 600
