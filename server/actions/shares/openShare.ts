import { timingSafeEqual } from 'node:crypto'
import type { Readable } from 'node:stream'
import { customer } from '../../../domain/crm/customer.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import { cellOf } from '../../../domain/export/cells.ts'
import { exportableRows } from '../../../domain/export/columns.ts'
import { mostShareDownloads, shareState } from '../../../domain/export/shares.ts'
import { exportFormats } from '../../../domain/export/terms.ts'
import { sharedText } from '../../../domain/export/watermark.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import { openExportRows } from '../../store/exportRows.ts'
import { type ExportRow, readExports } from '../../store/exportTable.ts'
import { ruleRowOf } from '../../store/openRows.ts'
import { openText, sealText } from '../../store/sealedText.ts'
import { countFetches, noteOpening, type OpeningRow, type ShareRow, shareOfToken } from '../../store/shareTable.ts'
import type { Parts } from '../parts.ts'
import { namesFor } from '../records/namesFor.ts'
import { pinMacOf, tokenHashOf } from './makeShare.ts'

type OpenParts = Pick<Parts, 'pool' | 'broker' | 'macKey' | 'actors' | 'throttle' | 'audit' | 'staging' | 'records'>

/** Who tries a link: what it says, the PIN they type, and where they are. */
export type Visitor = { readonly token: string; readonly pin: string; readonly from: string | null }

/** What a link shows: the chosen fields of a customer, or that there is a file to fetch. */
export type Shared = {
  kind: 'customer' | 'export'
  watermark: string
  sharer: string
  expiresAt: string
  items: { label: string; values: string[] }[]
  file: { rows: number; bytes: number; lock: string; fetchesLeft: number } | null
}

const gone = (): AppError => new AppError('link_gone')
const fields: Readonly<Record<string, Field>> = customer.fields

const note = async ({ pool, broker }: OpenParts, share: ShareRow, outcome: OpeningRow['outcome'], from: string | null): Promise<void> => {
  const place = { entity: 'share', recordId: share.id, subject: share.subject, group: 'opening' }
  await noteOpening(pool, share.id, outcome, from === null ? null : await sealText({ client: pool, broker }, place, from))
}

const record = (parts: OpenParts, share: ShareRow, outcome: 'done' | 'refused', shown: readonly string[]): Promise<unknown> =>
  parts.audit.append({
    // Nobody of ours: whoever it was for is written beside the link.
    actor: null,
    action: 'share_open',
    entity: share.kind === 'customer' ? 'customer' : 'export',
    ids: [share.target],
    subjects: share.about === null ? [] : [share.about],
    fields: shown,
    outcome,
  })

/**
 * Finds the link and judges the PIN; a link that is not there, has ended or was taken back is one answer. Each wrong PIN is on record, and from the fifth on
 * whoever tries waits. Throws `link_gone`, `pin_wrong`, `throttled`.
 */
const enter = async (parts: OpenParts, { token, pin, from }: Visitor): Promise<{ share: ShareRow; sharer: Actor }> => {
  const share = /^[\w-]{43}$/.test(token) ? await shareOfToken(parts.pool, await parts.macKey(), tokenHashOf(token)) : null
  if (!share || shareState(share) !== 'open') throw gone()
  await parts.throttle.attempt('share', share.id)
  if (!timingSafeEqual(await pinMacOf(parts, share.id, pin), share.pinMac)) {
    await note(parts, share, 'pin_wrong', from)
    await record(parts, share, 'refused', [])
    throw new AppError('pin_wrong')
  }
  await parts.throttle.forgive('share', share.id)
  // Whoever has left shares nothing any more, and whoever may not export nothing either.
  const sharer = await parts.actors.ofStaff(parts.pool, share.staffId)
  if (!sharer || exportableRows(decide(sharer, 'customer')).kind === 'none') throw gone()
  return { share, sharer }
}

const recipientOf = async ({ pool, broker }: OpenParts, share: ShareRow): Promise<string> => {
  const place = { entity: 'share', recordId: share.id, subject: share.subject, group: 'recipient' }
  const text = await openText({ client: pool, broker }, place, share.sealedRecipient)
  return (JSON.parse(text ?? '{}') as { name?: string }).name ?? ''
}

const exportOf = async ({ pool, macKey }: OpenParts, share: ShareRow): Promise<ExportRow & { wrapped: string }> => {
  const [row] = await readExports(pool, await macKey(), [share.target])
  if (!row || row.staffId !== share.staffId || row.wrapped === null || Date.parse(row.expiresAt ?? '') <= Date.now()) throw gone()
  return { ...row, wrapped: row.wrapped }
}

const itemsOf = async (parts: OpenParts, share: ShareRow, sharer: Actor): Promise<{ names: string[]; items: Shared['items'] }> => {
  const scope = decide(sharer, 'customer')
  const wanted = { fields: share.fields, among: exportableRows(scope) }
  const { rows } = await openExportRows(parts, scope, [share.target], wanted)
  const row = rows[0]
  // Erased, in the trash, or out of the sharer's reach.
  if (!row || row.subject !== share.about) throw gone()
  const rule = ruleRowOf(row)
  const names = share.fields.filter((name) => satisfies(scope.fields[name]?.export ?? none, rule))
  if (names.length === 0) throw gone()
  const { nameOf } = await namesFor(parts, sharer, names)
  const words = { language: share.language, nameOf }
  const items = names.map((name) => ({
    label: fields[name]!.label[share.language],
    values: [...cellOf(fields[name]!, row[name], true, words).values],
  }))
  return { names, items }
}

/** Opens a link for whoever has it and the PIN, under the rights its maker has now. The opening is on record before anything is shown. */
export const openShare = async (parts: OpenParts, visitor: Visitor): Promise<Shared> => {
  const { share, sharer } = await enter(parts, visitor)
  const [recipient, { exporter }] = await Promise.all([recipientOf(parts, share), namesFor(parts, sharer, [])])
  const watermark = sharedText({ recipient, sharer: exporter, login: sharer.login, at: new Date() }, share.language)
  const common = { kind: share.kind, watermark, sharer: exporter, expiresAt: share.expiresAt }
  if (share.kind === 'customer') {
    const { names, items } = await itemsOf(parts, share, sharer)
    await record(parts, share, 'done', names)
    await note(parts, share, 'opened', visitor.from)
    return { ...common, items, file: null }
  }
  const row = await exportOf(parts, share)
  const { value: fetched } = await parts.records.transaction(sharer, (tx) => countFetches(tx, share.id))
  await record(parts, share, 'done', [])
  await note(parts, share, 'opened', visitor.from)
  const file = {
    rows: typeof row.result['exported'] === 'number' ? row.result['exported'] : row.rows,
    bytes: row.bytes ?? 0,
    lock: exportFormats[row.format].lock,
    fetchesLeft: Math.max(0, mostShareDownloads - fetched),
  }
  return { ...common, items: [], file }
}

/** Returns the closed file of a shared export, three times at most; each fetching is on record first. */
export const fetchShared = async (parts: OpenParts, visitor: Visitor): Promise<{ row: ExportRow; content: Readable }> => {
  const { share, sharer } = await enter(parts, visitor)
  if (share.kind !== 'export') throw gone()
  const row = await exportOf(parts, share)
  const content = await parts.staging.read(row.id, row.wrapped, 'export').catch(() => {
    throw gone()
  })
  try {
    const place = { entity: 'share', recordId: share.id, subject: share.subject, group: 'opening' }
    const from = visitor.from === null ? null : await sealText({ client: parts.pool, broker: parts.broker }, place, visitor.from)
    await parts.records.transaction(sharer, async (tx) => {
      if ((await countFetches(tx, share.id)) >= mostShareDownloads) throw gone()
      await noteOpening(tx, share.id, 'downloaded', from)
      await tx.audit([{ actor: null, action: 'export_download', entity: 'export', ids: [row.id], fields: row.fields, outcome: 'done' }])
    })
  } catch (error) {
    content.destroy()
    throw error
  }
  return { row, content }
}
