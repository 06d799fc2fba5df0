import { approvalState, whyNotDecide } from '../../../domain/access/approval.ts'
import { exportFormats } from '../../../domain/export/terms.ts'
import { mostDownloads } from '../../../domain/export/limits.ts'
import { zonedText } from '../../../domain/export/watermark.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type ReadApproval, readApprovals } from '../../auth/approvals.ts'
import { type ExportRow, exportsOf, readExports } from '../../store/exportTable.ts'
import { openText } from '../../store/sealedText.ts'
import type { Parts } from '../parts.ts'

export type ExportDecision = { staffId: string; verdict: string; at: string; reason: string | null }

/** How an export stands, as its page shows it. */
export type ExportStatus = {
  id: string
  staffId: string
  state: 'waiting' | 'queued' | 'running' | 'paused' | 'ready' | 'gone' | 'refused' | 'failed' | 'cancelled'
  /** Why there is no file (`expired`, `used`, `recalled`), or the code of what stopped it. */
  problem: string | null
  format: string
  lock: string
  purpose: string
  fields: string[]
  rows: number
  done: number
  exported: number
  missing: number
  damaged: number
  bytes: number | null
  fileName: string
  askedAt: string
  readyAt: string | null
  expiresAt: string | null
  downloadsLeft: number
  /** Whether the passphrase can still be shown: once, to who took the export. */
  hasPassphrase: boolean
  approval: { id: string; state: string; expiresAt: string; selfAfter: string | null; selfNow: boolean; decisions: ExportDecision[] } | null
}

const stateOf = (row: ExportRow, approval: ReadApproval | undefined): ExportStatus['state'] => {
  if (row.gone) return 'gone'
  switch (row.jobState) {
    case 'staged':
      return 'waiting'
    case 'done':
      return row.wrapped !== null && Date.parse(row.expiresAt ?? '') > Date.now() ? 'ready' : 'gone'
    case 'failed':
      return row.problem === 'approval_refused' || (approval && approvalState(approval) === 'refused') ? 'refused' : 'failed'
    default:
      return row.jobState
  }
}

/** Returns the name of the file as it is fetched: what, when, and the beginning of its number; no name of a person. */
export const fileNameOf = ({ id, format, askedAt, language }: Pick<ExportRow, 'id' | 'format' | 'askedAt' | 'language'>): string => {
  const { ending, lock } = exportFormats[format]
  const day = zonedText(new Date(askedAt)).slice(0, 10)
  return `${language === 'zh' ? '客户' : 'customers'}-${day}-${id.slice(0, 8)}.${ending}${lock === 'age' ? '.age' : ''}`
}

const decisionsOf = async (parts: Pick<Parts, 'pool' | 'broker'>, approval: ReadApproval): Promise<ExportDecision[]> => {
  const ids = approval.decisions.map(({ decidedBy }) => decidedBy)
  const { rows } = await parts.pool.query<{ id: string; subject: number }>('select id, subject from staff where id = any($1::uuid[])', [
    ids,
  ])
  const subjects = new Map(rows.map((row) => [row.id, row.subject]))
  return Promise.all(
    approval.decisions.map(async ({ decidedBy, verdict, decidedAt }) => {
      const subject = subjects.get(decidedBy)
      const place = { entity: 'approval', recordId: approval.id, subject: subject ?? 0, group: 'reason' }
      const sealed = subject === undefined ? null : approval.reasons.get(decidedBy)
      return {
        staffId: decidedBy,
        verdict,
        at: decidedAt,
        reason: await openText({ client: parts.pool, broker: parts.broker }, place, sealed),
      }
    }),
  )
}

const count = (row: ExportRow, name: string): number => (typeof row.result[name] === 'number' ? row.result[name] : 0)

/** Returns what is told of exports, with the requests they wait for. */
export const statusesOf = async (parts: Pick<Parts, 'pool' | 'broker' | 'macKey'>, rows: readonly ExportRow[]): Promise<ExportStatus[]> => {
  const asked = rows.flatMap(({ approval }) => approval ?? [])
  const approvals = await readApprovals(parts.pool, await parts.macKey(), asked)
  return Promise.all(
    rows.map(async (row): Promise<ExportStatus> => {
      const approval = row.approval === null ? undefined : approvals.get(row.approval)
      const state = stateOf(row, approval)
      return {
        id: row.id,
        staffId: row.staffId,
        state,
        problem: row.gone ?? (state === 'gone' ? 'expired' : row.problem),
        format: row.format,
        lock: exportFormats[row.format].lock,
        purpose: row.purpose,
        fields: [...row.fields],
        rows: row.rows,
        done: row.done,
        exported: count(row, 'exported'),
        missing: count(row, 'missing'),
        damaged: count(row, 'damaged'),
        bytes: row.bytes,
        fileName: fileNameOf(row),
        askedAt: row.askedAt,
        readyAt: row.readyAt,
        expiresAt: row.expiresAt,
        downloadsLeft: state === 'ready' ? Math.max(0, mostDownloads - row.downloads) : 0,
        hasPassphrase: state === 'ready' && row.sealedPassphrase !== null,
        approval: approval
          ? {
              id: approval.id,
              state: approvalState(approval),
              expiresAt: approval.expiresAt,
              selfAfter: approval.selfAfter,
              selfNow: state === 'waiting' && whyNotDecide(approval, row.staffId) === null,
              decisions: await decisionsOf(parts, approval),
            }
          : null,
      }
    }),
  )
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Returns one's own export; somebody else's does not exist. Throws `not_found`. */
export const ownExport = async ({ pool, macKey }: Pick<Parts, 'pool' | 'macKey'>, actor: Actor, id: string): Promise<ExportRow> => {
  const [row] = uuid.test(id) ? await readExports(pool, await macKey(), [id]) : []
  if (!row || row.staffId !== actor.staffId) throw new AppError('not_found')
  return row
}

/** Returns any export there is. Throws `not_found`. */
export const anyExport = async ({ pool, macKey }: Pick<Parts, 'pool' | 'macKey'>, id: string): Promise<ExportRow> => {
  const [row] = uuid.test(id) ? await readExports(pool, await macKey(), [id]) : []
  if (!row) throw new AppError('not_found')
  return row
}

/** Returns the actor's exports, newest first. */
export const ownExports = async (parts: Pick<Parts, 'pool' | 'broker' | 'macKey'>, actor: Actor): Promise<ExportStatus[]> =>
  statusesOf(parts, await exportsOf(parts.pool, await parts.macKey(), actor.staffId))
