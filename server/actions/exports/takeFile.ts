import type { Readable } from 'node:stream'
import { mostDownloads } from '../../../domain/export/limits.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide, hasDuty } from '../../../domain/policy/decide.ts'
import { exportableRows } from '../../../domain/export/columns.ts'
import { countDownload, type ExportRow, fileGone, forgetPassphrase, lockExport, readExports } from '../../store/exportTable.ts'
import { readItems } from '../../store/jobItems.ts'
import { moveJob } from '../../store/jobTable.ts'
import { readRules } from '../../store/readRules.ts'
import { openText } from '../../store/sealedText.ts'
import type { Parts } from '../parts.ts'
import { couldAgree } from './agreement.ts'
import { anyExport, fileNameOf, ownExport } from './exportStatus.ts'

type Taken = { contentType: string; fileName: string; content: Readable }

// Whoever may not export any more gets no file either, though it was made while they might.
const requireStillMay = (actor: Actor): void => {
  if (exportableRows(decide(actor, 'customer')).kind === 'none') throw new AppError('forbidden')
}

/**
 * Returns the file of one's own export as a stream, and counts it; the fetching is on record first. The file itself is closed by a passphrase that is not in it.
 * Throws `not_found`, `forbidden`, `export_gone` with `why`.
 */
export const takeFile = async (parts: Pick<Parts, 'pool' | 'macKey' | 'staging' | 'records'>, actor: Actor, id: string): Promise<Taken> => {
  const row = await ownExport(parts, actor, id)
  requireStillMay(actor)
  const gone = (why: string): AppError => new AppError('export_gone', { why })
  if (row.wrapped === null) throw gone(row.gone ?? row.jobState)
  const content = await parts.staging.read(id, row.wrapped, 'export').catch(() => {
    throw gone('expired')
  })
  try {
    await parts.records.transaction(actor, async (tx) => {
      if (!(await countDownload(tx, id, mostDownloads))) throw gone(row.downloads >= mostDownloads ? 'used' : 'expired')
      await tx.audit([
        { actor, action: 'export_download', entity: 'export', ids: [id], fields: row.fields, reason: row.purpose, outcome: 'done' },
      ])
    })
  } catch (error) {
    content.destroy()
    throw error
  }
  return { contentType: 'application/octet-stream', fileName: fileNameOf(row), content }
}

/**
 * Returns the passphrase of one's own export, once: it is forgotten in the same transaction, on record. Throws `not_found`, `forbidden`, `export_gone`.
 */
export const showPassphrase = async (
  parts: Pick<Parts, 'pool' | 'macKey' | 'broker' | 'records'>,
  actor: Actor,
  id: string,
): Promise<string> => {
  await ownExport(parts, actor, id)
  requireStillMay(actor)
  const { value } = await parts.records.transaction(actor, async (tx) => {
    await lockExport(tx, id)
    const [row] = await readExports(tx, await parts.macKey(), [id])
    const place = { entity: 'export', recordId: id, subject: actor.subject, group: 'passphrase' }
    const passphrase = await openText({ client: tx, broker: parts.broker }, place, row?.sealedPassphrase)
    if (passphrase === null) throw new AppError('export_gone', { why: row?.gone ?? 'shown' })
    await forgetPassphrase(tx, id)
    await tx.audit([{ actor, action: 'export_passphrase', entity: 'export', ids: [id], outcome: 'done' }])
    return passphrase
  })
  return value
}

const mayRecall = async ({ pool }: Pick<Parts, 'pool'>, actor: Actor, row: ExportRow): Promise<boolean> => {
  if (row.staffId === actor.staffId) return true
  if (!hasDuty(actor, 'access.approve')) return false
  const ids = await readItems(pool, row.id, 0, row.rows)
  const rows = await readRules(pool, decide(actor, 'customer'), ids)
  // Once the job has ended its selection is forgotten after a while: then the duty alone decides, which can only take away.
  return ids.length === 0 || (rows.length === ids.length && couldAgree(actor, rows))
}

/**
 * Takes an export back: the file is deleted, one that waits or runs is stopped. By whoever took it, or by somebody who could have agreed to it. What was
 * fetched before is out of reach: the log says how often. Throws `not_found`.
 */
export const recallExport = async (
  parts: Pick<Parts, 'pool' | 'macKey' | 'staging' | 'records'>,
  actor: Actor,
  id: string,
): Promise<void> => {
  const row = await anyExport(parts, id)
  if (!(await mayRecall(parts, actor, row))) throw new AppError('not_found')
  await parts.records.transaction(actor, async (tx) => {
    await lockExport(tx, id)
    await moveJob(tx, id, ['staged', 'queued', 'running', 'paused'], 'cancelled')
    await fileGone(tx, id, 'recalled', actor.staffId)
    await tx.audit([{ actor, action: 'export_recall', entity: 'export', ids: [id], outcome: 'done' }])
  })
  await parts.staging.remove(id)
}
