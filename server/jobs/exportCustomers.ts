import { customer } from '../../domain/crm/customer.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import { AppError } from '../../domain/errors.ts'
import { exportableRows, offeredColumns } from '../../domain/export/columns.ts'
import { exportHours } from '../../domain/export/limits.ts'
import { exportFormats } from '../../domain/export/terms.ts'
import { watermarkText } from '../../domain/export/watermark.ts'
import { decide } from '../../domain/policy/decide.ts'
import { requireAgreed } from '../actions/exports/agreement.ts'
import { readLimits } from '../actions/exports/limits.ts'
import { namesFor } from '../actions/records/namesFor.ts'
import { inventPassphrase } from '../writers/inventPassphrase.ts'
import { lockFile } from '../writers/lockFile.ts'
import { type ExportRow, fileReady, readExports, selectionHash } from '../store/exportTable.ts'
import { readItems } from '../store/jobItems.ts'
import { advanceJob } from '../store/jobTable.ts'
import { sealText } from '../store/sealedText.ts'
import { type Gathered, gatherRows } from './exports/gatherRows.ts'
import { writeFile } from './exports/writeFile.ts'
import { Stopped, type Task } from './job.ts'

const fields: Readonly<Record<string, Field>> = customer.fields

// Everything that was decided when somebody asked is asked again: rights may have gone, and rows of the database may have been altered.
const readAsked = async ({ parts, job, actor }: Task): Promise<{ asked: ExportRow; ids: string[] }> => {
  const [asked] = await readExports(parts.pool, await parts.macKey(), [job.id])
  if (!asked || asked.staffId !== actor.staffId) throw new AppError('forbidden')
  const { threshold } = await readLimits(parts)
  await requireAgreed(parts, asked, threshold)
  const offered = new Set(offeredColumns(decide(actor, 'customer')).map(({ name }) => name))
  if (asked.fields.some((name) => !offered.has(name))) throw new AppError('forbidden')
  const ids = await readItems(parts.pool, job.id, 0, asked.rows + 1)
  if (!selectionHash(ids).equals(asked.selection)) throw new AppError('envelope_invalid')
  return { asked, ids }
}

const hold = async (pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> => {
  const held: Uint8Array[] = []
  for await (const piece of pieces) held.push(piece)
  // A copy of its own, which can be handed to another thread.
  const whole = new Uint8Array(held.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of held.splice(0)) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

async function* one(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece
}

/** Keeps the file and says whom it is about, in one transaction: before it nobody can fetch it. */
const finish = async (
  { parts, job, actor }: Task,
  asked: ExportRow,
  made: Gathered,
  file: { wrapped: string; bytes: number; passphrase: string },
): Promise<void> => {
  await parts.records.transaction(actor, async (tx) => {
    const place = { entity: 'export', recordId: job.id, subject: actor.subject, group: 'passphrase' }
    const sealedPassphrase = await sealText({ client: tx, broker: parts.broker }, place, file.passphrase)
    await fileReady(tx, job.id, { wrapped: file.wrapped, sealedPassphrase, bytes: file.bytes, hours: exportHours })
    const entry = { actor, action: 'export', entity: 'customer', reason: asked.purpose } as const
    const about = { ids: made.ids, subjects: made.subjects, fields: asked.fields }
    await tx.audit([
      { ...entry, ...about, outcome: 'done', detail: { note: job.id } },
      ...(made.damaged.length > 0
        ? [
            {
              ...entry,
              ids: made.damaged.map(({ id }) => id),
              subjects: made.damaged.map(({ subject }) => subject),
              outcome: 'failed' as const,
            },
          ]
        : []),
    ])
    const result = { exported: made.ids.length, missing: made.missing, damaged: made.damaged.length }
    if (!(await advanceJob(tx, job.id, { from: asked.rows, done: asked.rows, result }))) throw new Stopped()
  })
}

/**
 * Makes the file of an export: one pass over what was selected, under the rights its owner has now; closed by a passphrase of its own, then sealed on disk.
 * What was stopped half way, or died, begins anew: a file is whole or not at all. One entry names everybody who is in it.
 */
export const exportCustomers = async (task: Task): Promise<void> => {
  const { parts, job, actor, signal } = task
  const { asked, ids } = await readAsked(task)
  if (asked.readyAt !== null) return
  await parts.staging.remove(job.id)
  if (job.done > 0 && !(await advanceJob(parts.pool, job.id, { from: job.done, done: 0 }))) throw new Stopped()
  const scope = decide(actor, 'customer')
  const { exporter, nameOf } = await namesFor(parts, actor, asked.fields)
  const made: Gathered = { ids: [], subjects: [], damaged: [], missing: 0 }
  const rows = gatherRows(task, {
    scope,
    ids,
    fields: asked.fields,
    among: exportableRows(scope),
    made,
    words: { language: asked.language, nameOf },
  })
  const watermark = watermarkText({ exporter, login: actor.login, at: new Date(), exportId: job.id }, asked.language)
  const header = asked.fields.map((name) => fields[name]!.label[asked.language])
  const plain = await hold(writeFile(asked, header, rows, watermark))
  if (made.ids.length === 0) throw new AppError('not_found')
  const passphrase = inventPassphrase()
  const locked = await lockFile(exportFormats[asked.format].lock, plain, passphrase)
  signal.throwIfAborted()
  const wrapped = await parts.staging.put(job.id, one(locked), 'export')
  await finish(task, asked, made, { wrapped, bytes: locked.length, passphrase }).catch(async (error: unknown) => {
    await parts.staging.remove(job.id)
    throw error
  })
}
