/** Two customers who may be one, as the server tells them. */
export type Twin = {
  id: string
  version: number
  name: string
  phones: string[]
  addresses: string[]
  storeId: string
  ownerId: string | null
  createdAt: string
}
export type Reason = 'phone' | 'email' | 'wechat' | 'contact' | 'likeness'
export type Pair = { reasons: Reason[]; foundAt: string; customers: Twin[] }
export type Pairs = { items: Pair[]; total: number }

/** Customers who hang together by pairs, oldest first, with all the reasons. */
export type Cluster = { key: string; customers: Twin[]; reasons: Reason[]; pairs: [string, string][] }

/** Returns the pairs put together: three who share a number are one cluster of three. A pair of which one cannot be shown is left out. */
export const clustersOf = (pairs: readonly Pair[]): Cluster[] => {
  const clusters: Cluster[] = []
  for (const { customers, reasons } of pairs) {
    const [a, b] = customers
    if (!a || !b) continue
    const touching = clusters.filter((one) => one.customers.some(({ id }) => id === a.id || id === b.id))
    const merged = touching.flatMap((one) => one.customers)
    const all = [...new Map([...merged, a, b].map((one) => [one.id, one])).values()].toSorted((x, y) =>
      x.createdAt < y.createdAt ? -1 : 1,
    )
    const made: Cluster = {
      key: all.map(({ id }) => id).join(' '),
      customers: all,
      reasons: [...new Set([...touching.flatMap((one) => one.reasons), ...reasons])],
      pairs: [...touching.flatMap((one) => one.pairs), [a.id, b.id]],
    }
    const at = touching.length > 0 ? clusters.indexOf(touching[0]!) : clusters.length
    clusters.splice(at, touching.length > 0 ? 1 : 0, made)
    for (const one of touching.slice(1)) clusters.splice(clusters.indexOf(one), 1)
  }
  return clusters
}
