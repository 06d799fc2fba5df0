import type { Api } from '../support/api.ts'
import type { Ledger } from './ledger.ts'

type Made = { id: string; version: number }

/**
 * Creates and edits customers with `writers` loops until `halted()`, noting each acknowledgement. Names are `<prefix>-<writer>-<n>`, so each
 * exists once or never. A refused or cut connection ends that writer: the process under test is being killed. Returns the number acknowledged.
 */
export const writeUntil = async (
  api: Api,
  ledger: Ledger,
  options: { prefix: string; storeId: string; writers: number; halted: () => boolean },
): Promise<number> => {
  let acknowledged = 0
  const one = async (writer: number): Promise<void> => {
    for (let n = 0; !options.halted(); n += 1) {
      const name = `${options.prefix}-${writer}-${n}`
      try {
        const made = await api.call<Made>('POST', '/api/customers', { name, kind: 'household', storeId: options.storeId })
        ledger.acknowledge({ name, id: made.id, note: 0 })
        acknowledged += 1
        if (n % 3 === 0) {
          await api.call('PATCH', `/api/customers/${made.id}`, { version: made.version, notes: 'note 1' })
          ledger.acknowledge({ name, id: made.id, note: 1 })
          acknowledged += 1
        }
      } catch {
        return
      }
    }
  }
  await Promise.all(Array.from({ length: options.writers }, (_, writer) => one(writer)))
  return acknowledged
}

/** Compares the product with the ledger's lines of one prefix: returns what was lost, doubled or differs, as sentences; empty when all is well. */
export const findLosses = (
  ledger: Ledger,
  names: ReadonlyMap<string, { ids: string[]; note: string | null }>,
  prefix: string,
): string[] => {
  const problems: string[] = []
  for (const line of ledger.lines().values()) {
    if (!line.name.startsWith(prefix)) continue
    const stored = names.get(line.name)
    if (!stored) problems.push(`lost: ${line.name}`)
    else if (!stored.ids.includes(line.id)) problems.push(`another id: ${line.name}`)
    else if (line.note > 0 && stored.note !== `note ${line.note}`) problems.push(`lost edit: ${line.name}`)
  }
  for (const [name, stored] of names) if (stored.ids.length > 1) problems.push(`doubled: ${name}`)
  return problems
}

/** Every customer found by `prefix`, read page by page: name -> ids and note. The reader must own them, or their notes would be masked. */
export const readAll = async (api: Api, prefix: string): Promise<Map<string, { ids: string[]; note: string | null }>> => {
  const names = new Map<string, { ids: string[]; note: string | null }>()
  const pageSize = 200
  for (let page = 1; ; page += 1) {
    const { items, total } = await api.call<{ items: { id: string; name: string; notes: string | null }[]; total: number }>(
      'GET',
      `/api/customers?q=${prefix}&sort=createdAt&page=${page}&pageSize=${pageSize}`,
    )
    for (const { id, name, notes } of items) names.set(name, { ids: [...(names.get(name)?.ids ?? []), id], note: notes })
    if (page * pageSize >= total) return names
  }
}
