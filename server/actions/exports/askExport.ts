import { randomUUID } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { exportableRows, type OfferedColumn, offeredColumns } from '../../../domain/export/columns.ts'
import { approvalHours, type ExportLimits, rowsPerDay, selfApprovalMinutes } from '../../../domain/export/limits.ts'
import type { ExportFormat, ExportLanguage, ExportPurpose } from '../../../domain/export/terms.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import { instantIn, localTimeIn, shopZone } from '../../../domain/text/zonedTime.ts'
import { askApproval } from '../../auth/approvals.ts'
import { insertExport, selectionHash, takenSince } from '../../store/exportTable.ts'
import { insertItems } from '../../store/jobItems.ts'
import { insertJob } from '../../store/jobTable.ts'
import { readRules, type RuledRow } from '../../store/readRules.ts'
import { sealText } from '../../store/sealedText.ts'
import type { Parts } from '../parts.ts'
import { type Select, readSelection } from '../records/readSelection.ts'
import { whoCouldAgree } from './agreement.ts'
import { readLimits } from './limits.ts'

export type ExportRequest = {
  readonly select: Select
  readonly fields: readonly string[]
  readonly format: ExportFormat
  readonly purpose: ExportPurpose
  readonly note?: string
  readonly language: ExportLanguage
}

/** What an export would be, before it is asked for. */
export type ExportPreview = {
  /** Rows that would leave, and why the others of the selection would not. */
  count: number
  refused: { count: number; reasons: Record<string, number> }
  /** By column: in how many rows the value leaves, and in how many only what its mask leaves of it. */
  columns: { name: string; class: string; open: number; masked: number }[]
  approval: { needed: boolean; others: number; self: boolean; threshold: number }
  quota: { rowsLeft: number; filesLeft: number }
}

type Plan = ExportPreview & { readonly ids: string[] }
type PlanParts = Pick<Parts, 'pool' | 'actors' | 'records' | 'search' | 'audit' | 'macKey'>

// The same refusal for a column that does not exist, one that may not be known of, and one that may not leave.
const columnsOf = (scope: Scope, names: readonly string[]): OfferedColumn[] => {
  const offered = new Map(offeredColumns(scope).map((column) => [column.name, column]))
  return [...new Set(names)].map((name) => {
    const column = offered.get(name)
    if (!column) throw new AppError('unknown_key', { key: name.slice(0, 64) })
    return column
  })
}

const startOfDay = (now: Date): Date => instantIn(shopZone, { ...localTimeIn(shopZone, now), hour: 0, minute: 0 })

const leftOf = (limits: ExportLimits, roles: readonly string[], taken: { rows: number; files: number }): ExportPreview['quota'] => ({
  rowsLeft: Math.max(0, rowsPerDay(limits, roles) - taken.rows),
  filesLeft: Math.max(0, limits.filesPerDay - taken.files),
})

const whyNot = (scope: Scope, row: RuledRow): string | null =>
  row.trashedAt !== null ? 'in_trash' : satisfies(exportableRows(scope), row) ? null : 'forbidden'

/** Says what an export would be, from policy and plain columns alone: nobody is looked at for it. Throws `unknown_key`, `input_invalid`, `input_too_large`. */
export const planExport = async (parts: PlanParts, scope: Scope, asked: ExportRequest, position: number): Promise<Plan> => {
  const columns = columnsOf(scope, asked.fields)
  if (!columns.some(({ name }) => name === 'name') && asked.format === 'vcard')
    throw new AppError('input_invalid', { problems: [{ field: 'fields', problem: 'required' }] })
  if (columns.length === 0) throw new AppError('input_invalid', { problems: [{ field: 'fields', problem: 'required' }] })
  const ids = await readSelection(parts, scope, asked.select, position)
  const rows = await readRules(parts.pool, scope, ids)
  const absent = ids.length - rows.length
  const reasons: Record<string, number> = absent > 0 ? { not_found: absent } : {}
  const leaving: RuledRow[] = []
  for (const row of rows) {
    const why = whyNot(scope, row)
    if (why === null) leaving.push(row)
    else reasons[why] = (reasons[why] ?? 0) + 1
  }
  const limits = await readLimits(parts)
  const needed = leaving.length > limits.threshold
  const agree = needed ? await whoCouldAgree(parts, scope.actor, leaving) : { others: 0, isSelfPossible: false }
  const taken = await parts.records.transaction(scope.actor, (tx) => takenSince(tx, scope.actor.staffId, startOfDay(new Date())))
  return {
    ids: leaving.map(({ id }) => id),
    count: leaving.length,
    refused: { count: ids.length - leaving.length, reasons },
    columns: columns.map((column) => {
      const rule = scope.fields[column.name]?.export ?? none
      const open = leaving.filter((row) => satisfies(rule, row)).length
      return { name: column.name, class: column.class, open, masked: leaving.length - open }
    }),
    approval: { needed, others: agree.others, self: agree.isSelfPossible, threshold: limits.threshold },
    quota: leftOf(limits, scope.actor.roles, taken.value),
  }
}

const requireNote = ({ purpose, note }: ExportRequest): void => {
  if (purpose === 'other' && !note?.trim()) throw new AppError('reason_required', { field: 'note' })
}

/**
 * Asks for an export: freezes whom it is about, counts it against the person's day, and starts it, or lets it wait for somebody's agreement. Returns it with what was planned.
 * Throws `export_quota`, `reason_required`, and what planning throws.
 */
export const startExport = async (
  parts: PlanParts & Pick<Parts, 'broker' | 'startJob'>,
  scope: Scope,
  asked: ExportRequest,
  position: number,
): Promise<ExportPreview & { exportId: string }> => {
  requireNote(asked)
  const { actor } = scope
  const plan = await planExport(parts, scope, asked, position)
  if (plan.count === 0) throw new AppError('input_invalid', { problems: [{ field: 'select', problem: 'required' }] })
  const [limits, macKey] = [await readLimits(parts), await parts.macKey()]
  const id = randomUUID()
  const { needed, self } = plan.approval
  const work = parts.records.transaction(actor, async (tx) => {
    const left = leftOf(limits, actor.roles, await takenSince(tx, actor.staffId, startOfDay(new Date())))
    if (plan.count > left.rowsLeft || left.filesLeft < 1) throw new AppError('export_quota', { ...left })
    const state = needed ? 'staged' : 'queued'
    await insertJob(tx, { id, kind: 'export', state, total: plan.count, startedBy: actor.staffId })
    await insertItems(tx, id, plan.ids)
    const approval = needed
      ? await askApproval(tx, macKey, {
          kind: 'export',
          target: id,
          askedBy: actor.staffId,
          needed: 1,
          hours: approvalHours,
          selfAfterMinutes: self ? selfApprovalMinutes : null,
        })
      : null
    const { format, purpose, language } = asked
    const note = asked.note?.trim()
    const place = { entity: 'export', recordId: id, subject: actor.subject, group: 'note' }
    const row = {
      id,
      staffId: actor.staffId,
      subject: actor.subject,
      format,
      purpose,
      language,
      fields: plan.columns.map(({ name }) => name),
      rows: plan.count,
      selection: selectionHash(plan.ids),
      approval: approval?.id ?? null,
      askedAt: new Date().toISOString(),
    }
    await insertExport(tx, macKey, row, note ? await sealText({ client: tx, broker: parts.broker }, place, note) : null)
    await tx.audit([
      {
        actor,
        action: 'export_ask',
        entity: 'export',
        ids: [id],
        fields: row.fields,
        reason: purpose,
        outcome: 'done',
        ...(note ? { detail: { note } } : {}),
      },
    ])
  })
  await work.catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'export_quota')
      await parts.audit.refused({ actor, action: 'export_ask', entity: 'export', fields: asked.fields, reason: asked.purpose })
    throw error
  })
  if (!needed) await parts.startJob(id)
  return { exportId: id, ...plan }
}
