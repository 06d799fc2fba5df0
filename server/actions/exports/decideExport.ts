import { type Approval, approvalState, type Verdict, whyNotDecide } from '../../../domain/access/approval.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide, hasDuty } from '../../../domain/policy/decide.ts'
import { decideApproval, lockApproval, type ReadApproval, recentApprovals } from '../../auth/approvals.ts'
import { type ExportRow, readExports } from '../../store/exportTable.ts'
import { readItems } from '../../store/jobItems.ts'
import { moveJob } from '../../store/jobTable.ts'
import { readRules, type RuledRow } from '../../store/readRules.ts'
import { openText, sealText } from '../../store/sealedText.ts'
import type { Parts } from '../parts.ts'
import { couldAgree } from './agreement.ts'

/** A request as whoever could decide about it sees it: facts, and no name of a customer. */
export type AskedExport = {
  id: string
  exportId: string
  state: string
  askedBy: string
  askedAt: string
  expiresAt: string
  /** One's own: then only from `selfAfter` on, in a small shop. */
  own: boolean
  selfAfter: string | null
  /** Whether one may decide now. */
  mine: boolean
  /** Decided by the one who asked: a small shop's deviation, told to the owner here. */
  deviation: boolean
  decidedBy: string | null
  decidedAt: string | null
  purpose: string
  note: string | null
  rows: number
  fields: string[]
  format: string
  stores: { id: string | null; count: number }[]
}

const rowsOf = async ({ pool }: Pick<Parts, 'pool'>, actor: Actor, row: ExportRow): Promise<RuledRow[] | null> => {
  const ids = await readItems(pool, row.id, 0, row.rows)
  const rows = await readRules(pool, decide(actor, 'customer'), ids)
  // A row that does not exist for the decider: they are asked to agree to what they do not see, so the request does not exist for them.
  return ids.length === row.rows && rows.length === ids.length ? rows : null
}

const storesOf = (rows: readonly RuledRow[]): AskedExport['stores'] => {
  const counts = new Map<string | null, number>()
  for (const { storeId } of rows) counts.set(storeId, (counts.get(storeId) ?? 0) + 1)
  return [...counts].map(([id, count]) => ({ id, count })).toSorted((a, b) => b.count - a.count)
}

const isDeviation = (approval: Approval): boolean => approval.decisions.some(({ decidedBy }) => decidedBy === approval.askedBy)

/** Days that decided requests stay in the list of those who could decide. */
const shownDays = 7

/** Returns the requests that somebody could decide about, open ones first; none for those without the duty. */
export const askedExports = async (parts: Pick<Parts, 'pool' | 'macKey' | 'broker'>, actor: Actor): Promise<AskedExport[]> => {
  if (!hasDuty(actor, 'access.approve')) return []
  const macKey = await parts.macKey()
  const approvals = (await recentApprovals(parts.pool, macKey, shownDays)).filter(({ kind }) => kind === 'export')
  const exports = new Map(
    (
      await readExports(
        parts.pool,
        macKey,
        approvals.map(({ target }) => target),
      )
    ).map((row) => [row.id, row]),
  )
  const items: AskedExport[] = []
  for (const approval of approvals) {
    const row = exports.get(approval.target)
    if (!row) continue
    const open = approvalState(approval) === 'open' && row.jobState === 'staged'
    const rows = open ? await rowsOf(parts, actor, row) : null
    // One's own waits for others, and stands among one's exports; in a small shop it waits for oneself too.
    if (open && (!rows || (approval.askedBy === actor.staffId && approval.selfAfter === null))) continue
    const place = { entity: 'export', recordId: row.id, subject: row.subject, group: 'note' }
    items.push({
      id: approval.id,
      exportId: row.id,
      state: open ? 'open' : approvalState(approval) === 'open' ? 'cancelled' : approvalState(approval),
      askedBy: approval.askedBy,
      askedAt: approval.askedAt,
      expiresAt: approval.expiresAt,
      own: approval.askedBy === actor.staffId,
      selfAfter: approval.selfAfter,
      mine: open && whyNotDecide(approval, actor.staffId) === null,
      deviation: isDeviation(approval),
      decidedBy: approval.decisions[0]?.decidedBy ?? null,
      decidedAt: approval.decisions[0]?.decidedAt ?? null,
      purpose: row.purpose,
      note: open ? await openText({ client: parts.pool, broker: parts.broker }, place, row.sealedNote) : null,
      rows: row.rows,
      fields: [...row.fields],
      format: row.format,
      stores: rows ? storesOf(rows) : [],
    })
  }
  return items.toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open'))
}

const actionOf = (approval: ReadApproval, actor: Actor, verdict: Verdict) =>
  verdict === 'refuse' ? 'approval_refuse' : approval.askedBy === actor.staffId ? 'approval_self' : 'approval_grant'

/**
 * Decides about a request: with the agreement that was missing the export starts, refused it ends. Whoever could not agree to it finds nothing. Throws
 * `not_found`, `own_request`, `already_decided`, `approval_closed`; refused tries are on record.
 */
export const decideExport = async (
  parts: Pick<Parts, 'pool' | 'macKey' | 'broker' | 'records' | 'audit' | 'startJob'>,
  actor: Actor,
  id: string,
  { verdict, reason }: { verdict: Verdict; reason?: string },
): Promise<void> => {
  if (!hasDuty(actor, 'access.approve')) throw new AppError('not_found')
  const macKey = await parts.macKey()
  const work = parts.records.transaction(actor, async (tx): Promise<string | null> => {
    const approval = await lockApproval(tx, macKey, id)
    const [row] = await readExports(tx, macKey, [approval.target])
    if (!row || row.approval !== id) throw new AppError('not_found')
    const why = whyNotDecide(approval, actor.staffId) ?? (row.jobState === 'staged' ? null : 'approval_closed')
    if (why) throw new AppError(why, { approval: id })
    const rows = await rowsOf(parts, actor, row)
    if (!rows || !couldAgree(actor, rows)) throw new AppError('not_found')
    const note = reason?.trim()
    const place = { entity: 'approval', recordId: id, subject: actor.subject, group: 'reason' }
    const sealedReason = note ? await sealText({ client: tx, broker: parts.broker }, place, note) : null
    const after = await decideApproval(tx, macKey, approval, { decidedBy: actor.staffId, verdict, sealedReason })
    await tx.audit([
      {
        actor,
        action: actionOf(approval, actor, verdict),
        entity: 'export',
        ids: [row.id],
        fields: row.fields,
        reason: row.purpose,
        outcome: 'done',
        ...(note ? { detail: { note } } : {}),
      },
    ])
    const state = approvalState(after)
    if (state === 'refused') await moveJob(tx, row.id, ['staged'], 'failed', { problem: 'approval_refused' })
    return state === 'approved' && (await moveJob(tx, row.id, ['staged'], 'queued')) ? row.id : null
  })
  const { value } = await work.catch(async (error: unknown) => {
    const told = error instanceof AppError && ['own_request', 'already_decided'].includes(error.code)
    if (told) await parts.audit.refused({ actor, action: 'approval_grant', entity: 'approval', ids: [id] })
    throw error
  })
  if (value) await parts.startJob(value)
}
