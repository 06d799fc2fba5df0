import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { median, round } from './statistics.ts'

/** Returns the median of 200 writes of 4 KB with fdatasync to a file in the folder, in milliseconds: what a commit cannot be quicker than. */
export const measureFsync = (folder: string): number => {
  const file = join(folder, 'fsync-probe')
  const handle = openSync(file, 'w', 0o600)
  const block = Buffer.alloc(4_096, 1)
  const samples = Array.from({ length: 200 }, (_, i) => {
    writeSync(handle, block, 0, block.length, (i % 16) * block.length)
    const began = performance.now()
    fdatasyncSync(handle)
    return performance.now() - began
  })
  closeSync(handle)
  rmSync(file)
  return round(median(samples), 3)
}

// proc(5): these files exist on Linux only; elsewhere nothing is known.
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const kilobytes = (text: string, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN)

/** Returns resident memory of a process now and at its peak, in MB; NaN where there is no /proc. */
export const memoryOf = (pid: number): { now: number; peak: number } => {
  const status = read(`/proc/${pid}/status`)
  return { now: round(kilobytes(status, 'VmRSS') / 1024, 0), peak: round(kilobytes(status, 'VmHWM') / 1024, 0) }
}

/** Returns what a process and its children take together, in MB, pages they share counted once (Pss); NaN where there is no /proc. */
export const memoryOfFamily = (pid: number): number => {
  const entries = read(`/proc/${pid}/status`) === '' ? [] : readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const family = entries.filter((name) => Number(name) === pid || new RegExp(`^PPid:\\s+${pid}$`, 'm').test(read(`/proc/${name}/status`)))
  if (family.length === 0) return Number.NaN
  return round(family.reduce((sum, name) => sum + (kilobytes(read(`/proc/${name}/smaps_rollup`), 'Pss') || 0), 0) / 1024, 0)
}

/** Bytes on disk, in total and piece by piece. */
export type Bytes = {
  /** Customers with their blind indexes, and the tables of keys. */
  readonly sealed: number
  readonly plain: number
  readonly ratio: number
  readonly pieces: Readonly<Record<string, number>>
  readonly ratios: { readonly withAudit: number; readonly withAuditAndSearchCache: number; readonly rowsOnly: number }
}

const sizes = async (url: string, tables: readonly string[]): Promise<{ rows: number; indexes: number }> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ rows: string; indexes: string }>(
    'select sum(pg_table_size(t::regclass)) as rows, sum(pg_indexes_size(t::regclass)) as indexes from unnest($1::text[]) as t',
    [tables],
  )
  await client.end()
  return { rows: Number(rows[0]!.rows), indexes: Number(rows[0]!.indexes) }
}

/** Returns what the customers take on disk on each side. `searchCache` is the product's sealed file of its in-memory index. */
export const measureBytes = async (ownerUrl: string, twinUrl: string, searchCache: string): Promise<Bytes> => {
  const customers = await sizes(ownerUrl, ['customers'])
  const keys = await sizes(ownerUrl, ['keys.subject', 'keys.data_key', 'keys.tombstone'])
  const audit = await sizes(ownerUrl, ['audit.entry', 'audit.entry_chunk', 'audit.sequence'])
  const twin = await sizes(twinUrl, ['customers'])
  const cache = statSync(searchCache, { throwIfNoEntry: false })?.size ?? 0
  const sealed = customers.rows + customers.indexes + keys.rows + keys.indexes
  const plain = twin.rows + twin.indexes
  const log = audit.rows + audit.indexes
  return {
    sealed,
    plain,
    ratio: round(sealed / plain),
    pieces: {
      sealedRows: customers.rows,
      blindAndOtherIndexes: customers.indexes,
      keyRows: keys.rows,
      keyIndexes: keys.indexes,
      auditRows: audit.rows,
      auditIndexes: audit.indexes,
      searchCache: cache,
      plainRows: twin.rows,
      plainIndexes: twin.indexes,
    },
    ratios: {
      withAudit: round((sealed + log) / plain),
      withAuditAndSearchCache: round((sealed + log + cache) / plain),
      rowsOnly: round((customers.rows + keys.rows) / twin.rows),
    },
  }
}
