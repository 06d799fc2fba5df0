import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type pg from 'pg'
import { AppError } from '../../domain/errors.ts'
import { openAudit } from '../audit/audit.ts'
import { systemActor } from '../audit/systemActor.ts'
import { keyBroker } from '../crypto/broker.ts'
import { createFileDurably } from '../crypto/durableFile.ts'
import { type Keyring, recoverKeyring } from '../crypto/keyring.ts'
import type { RootProvider } from '../crypto/providers/rootProvider.ts'
import { openDatabase } from '../store/database.ts'
import { dropUnused, readContents } from '../store/databaseContents.ts'
import { advanceIdentities, dress, liftTransactions, mendReferences, undress } from '../store/loadTables.ts'
import { applyMigrations, lockMigrations, readMigrations } from '../store/migrate.ts'
import { inOwnerTransaction } from '../store/ownerTransaction.ts'
import { readSetting, writeSetting } from '../store/settings.ts'
import { readTables } from '../store/snapshot.ts'
import { fillTables } from './fillDatabase.ts'
import type { Manifest } from './manifest.ts'
import { openSealed } from './openSealed.ts'
import type { Part } from './readDump.ts'
import { clearMarker, isMarked, setMarker } from './restoreMarker.ts'
import type { ShredList } from './shredList.ts'

export type Target = {
  readonly dataDir: string
  readonly ownerUrl: string
  readonly runtimeRole: string
  /** Makes the new root: the old machine's is lost. */
  readonly createProvider: () => Promise<RootProvider>
}

/** What is restored: the sealed files as streams, and what `examineBackup` found. */
export type RestoreSource = {
  readonly manifest: Manifest
  readonly identity: string
  readonly shred: ShredList | null
  /** Whether the key copy was taken with this data; else a later one goes with it. */
  readonly ownKeys: boolean
  readonly keys: Readable
  readonly data: Readable
}

export type Restored = {
  readonly company: string | null
  readonly createdAt: string
  readonly customers: number
  readonly rows: number
  readonly auditSize: number
  /** People erased after the backup was taken, now erased here too. */
  readonly erased: number
  readonly migrations: { readonly from: number; readonly to: number }
}

const keyringOf = (dataDir: string): string => join(dataDir, 'keys', 'keyring.json')

async function* withoutKeyring(parts: AsyncIterable<Part>, found: (text: string) => Promise<void>): AsyncGenerator<Part> {
  for await (const part of parts) {
    if (part.kind === 'keyring') await found(part.text)
    else yield part
  }
}

/** Everybody who was erased, here or since. */
const erasedSubjects = async (client: pg.Client, shred: ShredList | null): Promise<number[]> => {
  const { rows } = await client.query<{ subject: number }>('select subject from keys.tombstone')
  return [...new Set([...rows.map(({ subject }) => subject), ...(shred?.subjects ?? [])])]
}

/** Removes whoever was erased after the backup was taken from the tables, and their keys; returns how many there were. */
const shredRows = async (client: pg.Client, subjects: readonly number[]): Promise<number> => {
  const { rows: tables } = await client.query<{ name: string }>(
    `select a.attrelid::regclass::text as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'subject' and not a.attisdropped`,
  )
  const all = ['keys.data_key', ...tables.map(({ name }) => name)]
  const { rows } = await client.query<{ n: number }>(
    `select count(distinct subject) as n from (${all.map((name) => `select subject from ${name}`).join(' union all ')}) s where subject = any($1::integer[])`,
    [subjects],
  )
  for (const name of all) await client.query(`delete from ${name} where subject = any($1::integer[])`, [subjects])
  return rows[0]!.n
}

/** Whoever was erased never gets a key again: the newer list joins the one that came with the keys. */
const joinShredList = async (client: pg.Client, { columns, rows }: ShredList): Promise<void> => {
  const { rows: own } = await client.query<{ name: string }>(
    "select attname::text as name from pg_attribute where attrelid = 'keys.tombstone'::regclass and attnum > 0 and not attisdropped",
  )
  const shared = columns.filter((name) => own.some((one) => one.name === name))
  const list = shared.map((name) => client.escapeIdentifier(name)).join(', ')
  for (const row of rows) {
    const value = Object.fromEntries(shared.map((name) => [name, row[columns.indexOf(name)] ?? null]))
    await client.query(
      `insert into keys.tombstone (${list}) select ${list} from jsonb_populate_record(null::keys.tombstone, $1) on conflict do nothing`,
      [JSON.stringify(value)],
    )
  }
}

/** Work whose files stayed behind, or that wrote this very backup, is not taken up again; what lives in the database alone goes on. */
const settleJobs = (client: pg.Client): Promise<unknown> =>
  client.query(
    `update job set cursor = cursor - 'wrapped', updated_at = now(),
       state = case when state in ('staged', 'queued', 'running', 'paused') then 'cancelled' else state end
     where kind in ('import', 'backup')`,
  )

const requireEmpty = async (client: pg.Client): Promise<'nothing' | 'unused'> => {
  const contents = await readContents(client)
  if (contents === 'used') throw new AppError('restore_refused', { problem: 'not_empty_database' })
  return contents
}

/** Looks before anything is touched. What a killed restore left here may be overwritten; keys of an installation never. */
const requireEmptyTarget = async ({ dataDir, ownerUrl }: Target): Promise<void> => {
  if (!isMarked(dataDir) && existsSync(keyringOf(dataDir))) throw new AppError('restore_refused', { problem: 'not_empty', path: dataDir })
  await inOwnerTransaction(ownerUrl, requireEmpty)
  await rm(join(dataDir, 'keys'), { recursive: true, force: true })
}

const noteRestore = async (client: pg.Client, keyring: Keyring, ownerUrl: string, id: string, { createdAt }: Manifest): Promise<void> => {
  await writeSetting(client, 'restored', { id, at: new Date().toISOString(), createdAt })
  // The last backup that was noted lies with the machine that is gone: here there was none yet.
  await client.query("delete from setting where key = 'backup'")
  // Nothing is asked of this pool: the entry goes through the transaction, and has no personal part to seal.
  const { pool, connect, close } = openDatabase({ url: ownerUrl, max: 1 })
  const audit = openAudit({ pool, connect, broker: keyBroker({ keyring }), sequence: false })
  await audit.appendTo(client, [{ actor: systemActor, action: 'backup_restore', entity: 'installation', outcome: 'done' }])
  await audit.close()
  await close()
}

const describe = async (client: pg.Client, manifest: Manifest, erased: number, to: number): Promise<Restored> => ({
  company: await readSetting<string>(client, 'company'),
  createdAt: manifest.createdAt,
  customers: (await client.query<{ n: number }>('select count(*) as n from customers')).rows[0]!.n,
  rows: Object.values(manifest.tables).reduce((sum, rows) => sum + rows, 0),
  auditSize: manifest.audit,
  erased,
  migrations: { from: manifest.migration, to },
})

/** Every key must be wrapped by an epoch that the keyring still has: else the copy does not belong to itself. */
const requireEpochs = async (client: pg.Client, keyring: Keyring): Promise<void> => {
  const { rows } = await client.query<{ epoch: number }>('select distinct epoch from keys.data_key')
  const alive = new Set(keyring.epochs().flatMap(({ epoch, destroyedAt }) => (destroyedAt === null ? [epoch] : [])))
  if (rows.some(({ epoch }) => !alive.has(epoch))) throw new AppError('backup_invalid', { problem: 'content', table: 'keys.data_key' })
}

/** Fills an empty database from the sealed files, and makes the keyring on the way; all of it in the transaction `client` is in. */
const restoreInto = async (
  client: pg.Client,
  target: Target,
  source: RestoreSource,
  id: string,
): Promise<{ keyring: Keyring; restored: Restored }> => {
  const { runtimeRole, dataDir } = target
  const { manifest, identity, shred } = source
  const migrations = readMigrations()
  await lockMigrations(client)
  if ((await requireEmpty(client)) === 'unused') await dropUnused(client)
  await applyMigrations(client, runtimeRole, migrations.slice(0, manifest.migration))
  const tables = await readTables(client)
  const bare = await undress(client, tables)
  const held: { keyring?: Keyring } = {}
  const keyParts = withoutKeyring(openSealed(identity, source.keys, 'keys'), async (text) => {
    const provider = await target.createProvider()
    const file = keyringOf(dataDir)
    await createFileDurably(file, text)
    held.keyring = await recoverKeyring(file, identity, provider)
  })
  const [keyTables, dataTables] = [tables.filter(({ schema }) => schema === 'keys'), tables.filter(({ schema }) => schema !== 'keys')]
  const filled = await fillTables(client, keyParts, keyTables, manifest, source.ownKeys)
  filled.push(...(await fillTables(client, openSealed(identity, source.data, 'data'), dataTables, manifest)))
  const { keyring } = held
  if (filled.length !== tables.length || !keyring) throw new AppError('backup_invalid', { problem: 'content' })
  await requireEpochs(client, keyring)
  const erased = await shredRows(client, await erasedSubjects(client, shred))
  if (erased > 0) await mendReferences(client, bare)
  await liftTransactions(client)
  await dress(client, bare)
  await advanceIdentities(client)
  await applyMigrations(client, runtimeRole, migrations.slice(manifest.migration))
  if (shred) await joinShredList(client, shred)
  await settleJobs(client)
  await noteRestore(client, keyring, target.ownerUrl, id, manifest)
  return { keyring, restored: await describe(client, manifest, erased, migrations.length) }
}

/**
 * Restores a backup onto an empty data folder and an empty database. The database's part is one transaction: tables as the backup's migration made them,
 * rows, the newer shred list, the later migrations, the entry in the audit log. Keys are wrapped anew under a new root before it commits, and a marker in
 * the folder stands until both are there, so that nothing half is ever served. Throws `restore_refused` (not_empty_database, not_empty), `backup_invalid`,
 * `envelope_invalid`, `disk_full`, `database_unavailable`; the database is then as it was, and the keys are gone again.
 */
export const restoreBackup = async (target: Target, source: RestoreSource): Promise<Restored> => {
  const { dataDir, ownerUrl } = target
  const id = randomUUID()
  await requireEmptyTarget(target)
  await clearMarker(dataDir)
  await setMarker(dataDir, id)
  const { keyring, restored } = await inOwnerTransaction(ownerUrl, (client) => restoreInto(client, target, source, id)).catch(
    async (error: unknown) => {
      // Where nobody knows whether it was committed, all stays: the next start asks the database.
      if (!(error instanceof AppError && error.details['outcome'] === 'unknown')) {
        await rm(join(dataDir, 'keys'), { recursive: true, force: true })
        await clearMarker(dataDir)
      }
      throw error
    },
  )
  // Committed: what fails from here on is caught up with by the next start, or by proving the kit again.
  await clearMarker(dataDir).catch(() => {})
  await keyring.markKitProven().catch(() => {})
  keyring.lock()
  return restored
}
