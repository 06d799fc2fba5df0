import { createHash, type KeyObject } from 'node:crypto'
import type { ExportFormat, ExportLanguage, ExportPurpose } from '../../domain/export/terms.ts'
import { type MacPart, rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from './database.ts'
import type { JobState } from './jobTable.ts'

/** An export as its row keeps it, beside its job. Ids, codes and numbers; what is personal is sealed. Times are ISO 8601. */
export type ExportRow = {
  readonly id: string
  readonly staffId: string
  readonly subject: number
  readonly format: ExportFormat
  readonly purpose: ExportPurpose
  readonly language: ExportLanguage
  readonly fields: readonly string[]
  readonly rows: number
  readonly selection: Buffer
  readonly approval: string | null
  readonly askedAt: string
  readonly sealedNote: Buffer | null
  readonly wrapped: string | null
  readonly sealedPassphrase: Buffer | null
  readonly bytes: number | null
  readonly readyAt: string | null
  readonly expiresAt: string | null
  readonly downloads: number
  readonly gone: 'expired' | 'used' | 'recalled' | null
  readonly recalledBy: string | null
  readonly jobState: JobState
  readonly done: number
  readonly problem: string | null
  readonly result: Readonly<Record<string, unknown>>
}

type Asked = Pick<
  ExportRow,
  'id' | 'staffId' | 'subject' | 'format' | 'purpose' | 'language' | 'fields' | 'rows' | 'selection' | 'approval' | 'askedAt'
>

const parts = (row: Asked): MacPart[] => [
  row.id,
  row.staffId,
  row.subject,
  row.format,
  row.purpose,
  row.language,
  row.fields.join(','),
  row.rows,
  row.selection,
  row.approval,
  new Date(row.askedAt),
]

/** Returns SHA-256 over the ids in the order in which the job takes them. */
export const selectionHash = (ids: readonly string[]): Buffer =>
  createHash('sha256')
    .update([...new Set(ids)].toSorted().join('\n'))
    .digest()

/** Writes down what somebody asked for, beside the job that is to do it. */
export const insertExport = async (client: Queryable, macKey: KeyObject, asked: Asked, sealedNote: Buffer | null): Promise<void> => {
  await client.query(
    `insert into export (job, staff_id, subject, format, purpose, language, fields, rows, selection, approval, asked_at, mac, sealed_note)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      asked.id,
      asked.staffId,
      asked.subject,
      asked.format,
      asked.purpose,
      asked.language,
      asked.fields,
      asked.rows,
      asked.selection,
      asked.approval,
      asked.askedAt,
      rowMac(macKey, 'export', parts(asked)),
      sealedNote,
    ],
  )
}

const columns = `e.job as id, e.staff_id as "staffId", e.subject, e.format, e.purpose, e.language, e.fields, e.rows, e.selection, e.approval,
  e.asked_at as "askedAt", e.sealed_note as "sealedNote", e.wrapped, e.sealed_passphrase as "sealedPassphrase", e.bytes::float8 as bytes,
  e.ready_at as "readyAt", e.expires_at as "expiresAt", e.downloads, e.gone, e.recalled_by as "recalledBy", e.mac,
  j.state as "jobState", j.done, j.problem, coalesce(j.result, '{}') as result`

type Stored = ExportRow & { readonly mac: Buffer }

const select = async (client: Queryable, macKey: KeyObject, where: string, values: unknown[]): Promise<ExportRow[]> => {
  const { rows } = await client.query<Stored>(`select ${columns} from export e join job j on j.id = e.job where ${where}`, values)
  // A row that this installation did not write, or that was given to somebody else, is no export of anybody's.
  return rows.filter((row) => verifyRowMac(macKey, 'export', parts(row), row.mac)).map(({ mac: _mac, ...row }) => row)
}

/** Returns the exports with these ids, as far as they are genuine. */
export const readExports = (client: Queryable, macKey: KeyObject, ids: readonly string[]): Promise<ExportRow[]> =>
  select(client, macKey, 'e.job = any($1::uuid[])', [ids])

/** Returns the newest exports of one person, 100 at most. */
export const exportsOf = (client: Queryable, macKey: KeyObject, staffId: string): Promise<ExportRow[]> =>
  select(client, macKey, 'e.staff_id = $1 order by e.asked_at desc limit 100', [staffId])

/** Locks an export until the end of the transaction. */
export const lockExport = async (client: Queryable, id: string): Promise<void> =>
  void (await client.query('select from export where job = $1 for update', [id]))

/**
 * Returns rows and files that somebody asked for since an instant, and what is not to leave is not counted. Locks the person's count until the end of the
 * transaction, so that two requests at once do not both find room.
 */
export const takenSince = async (client: Queryable, staffId: string, since: Date): Promise<{ rows: number; files: number }> => {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 21))', [staffId])
  const { rows } = await client.query<{ rows: number; files: number }>(
    `select coalesce(sum(e.rows), 0)::float8 as rows, count(*)::float8 as files from export e join job j on j.id = e.job
     where e.staff_id = $1 and e.asked_at >= $2 and j.state not in ('cancelled', 'failed')`,
    [staffId, since],
  )
  return rows[0]!
}

/** Says that the file is there, in the transaction of the entry that names whom it is about. */
export const fileReady = async (
  client: Queryable,
  id: string,
  file: { wrapped: string; sealedPassphrase: Buffer; bytes: number; hours: number },
): Promise<void> => {
  await client.query(
    `update export set wrapped = $2, sealed_passphrase = $3, bytes = $4, ready_at = now(), expires_at = now() + make_interval(hours => $5) where job = $1`,
    [id, file.wrapped, file.sealedPassphrase, file.bytes, file.hours],
  )
}

/** Counts one download; false where the file is gone, has expired or was fetched as often as may be. */
export const countDownload = async (client: Queryable, id: string, most: number): Promise<boolean> =>
  (
    await client.query(
      'update export set downloads = downloads + 1 where job = $1 and wrapped is not null and expires_at > now() and downloads < $2',
      [id, most],
    )
  ).rowCount === 1

/** Forgets the passphrase, which has been shown. */
export const forgetPassphrase = async (client: Queryable, id: string): Promise<void> =>
  void (await client.query('update export set sealed_passphrase = null where job = $1', [id]))

/** Says why there is no file any more, and forgets its key. */
export const fileGone = async (
  client: Queryable,
  id: string,
  gone: NonNullable<ExportRow['gone']>,
  recalledBy: string | null = null,
): Promise<void> =>
  void (await client.query(
    'update export set wrapped = null, sealed_passphrase = null, gone = coalesce(gone, $2), recalled_by = coalesce(recalled_by, $3) where job = $1',
    [id, gone, recalledBy],
  ))

/**
 * Ends what has had its time: files that expired, and exports that waited for agreement that nobody gave. Returns the ids whose files must go.
 */
export const expireExports = async (client: Queryable): Promise<string[]> => {
  await client.query(
    `update job j set state = 'cancelled', problem = 'approval_closed', finished_at = now(), updated_at = now() from export e
       join auth.approval a on a.id = e.approval where e.job = j.id and j.state = 'staged' and a.expires_at < now()`,
  )
  const { rows } = await client.query<{ id: string }>(
    `update export set wrapped = null, sealed_passphrase = null, gone = coalesce(gone, 'expired')
     where wrapped is not null and expires_at <= now() returning job as id`,
  )
  return rows.map(({ id }) => id)
}
