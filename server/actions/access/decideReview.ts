import { createHash } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { textMac } from '../../crypto/mac.ts'
import type { Transaction } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { hastyReviewers, type ItemRow } from './readReview.ts'
import { replaceRoles } from './replaceRoles.ts'
import { lockRights, requireKeepers } from './requireKeepers.ts'

type Needs = Pick<Parts, 'pool' | 'records' | 'actors' | 'macKey'>

const takeRole = async (parts: Needs, tx: Transaction, actor: Actor, staffId: string, role: string): Promise<void> => {
  const { rows } = await tx.query<{ roles: string[]; store_ids: string[] }>('select roles, store_ids from staff where id = $1', [staffId])
  if (!rows[0]?.roles.includes(role)) return
  const left = rows[0].roles.filter((one) => one !== role)
  await replaceRoles(parts, tx, actor, { staffId, version: null, roles: left, storeIds: rows[0].store_ids, accepts: null })
  await requireKeepers(parts, tx)
}

/**
 * Decides one line of an open review: what is not kept is taken away in the same commit. Nobody decides on themselves, and the owner's role only owners do; a
 * decision can be made anew until the review is closed, but what was taken is granted again elsewhere. Throws `own_rights`, `forbidden`, `last_owner`, `nobody_left`,
 * `not_found`, `version_conflict` where the review is closed or the line was decided to be removed.
 */
export const decideReview = async (
  parts: Needs,
  actor: Actor,
  reviewId: string,
  asked: { staffId: string; role: string; decision: 'keep' | 'remove' },
): Promise<{ position: number }> => {
  const { staffId, role, decision } = asked
  if (staffId === actor.staffId) throw new AppError('own_rights')
  if (role === 'owner' && !actor.roles.includes('owner')) throw new AppError('forbidden', { fields: ['roles'] })
  const { position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const { rows } = await tx.query<{ closed: boolean; decision: string | null }>(
      `select r.closed_at is not null as closed, i.decision from auth.review r join auth.review_item i on i.review_id = r.id
       where r.id::text = $1 and i.staff_id = $2 and i.role = $3`,
      [reviewId, staffId, role],
    )
    if (!rows[0]) throw new AppError('not_found')
    if (rows[0].closed || rows[0].decision === 'remove') throw new AppError('version_conflict')
    if (decision === 'remove') await takeRole(parts, tx, actor, staffId, role)
    await tx.query(
      'update auth.review_item set decision = $4, decided_by = $5, decided_at = now() where review_id = $1 and staff_id = $2 and role = $3',
      [reviewId, staffId, role, decision, actor.staffId],
    )
    await tx.audit([{ actor, action: 'review_decide', entity: 'staff', ids: [staffId], fields: [role, decision], outcome: 'done' }])
  })
  return { position }
}

type Head = { id: string; kind: string; opened_at: string; due_at: string; closed: boolean }

/** What a seal is over: the closed review, as canonical as the order of these keys. */
const reportOf = (head: Head, items: readonly ItemRow[], closedAt: string): string =>
  JSON.stringify({
    review: head.id,
    kind: head.kind,
    openedAt: new Date(head.opened_at).toISOString(),
    dueAt: new Date(head.due_at).toISOString(),
    closedAt,
    hasty: hastyReviewers(items),
    lines: items.map((item) => ({
      staffId: item.staff_id,
      role: item.role,
      storeIds: item.store_ids,
      decision: item.decision,
      decidedBy: item.decided_by,
      decidedAt: item.decided_at === null ? null : new Date(item.decided_at).toISOString(),
    })),
  })

/**
 * Closes a review when it is due, or everything in it is decided: what nobody decided expires, unless nobody would be left without it. The record of it is sealed, and
 * its hash is in the log, which outsiders can verify. Throws `version_conflict` where it is closed, or not due yet; `not_found`.
 */
export const closeReview = async (parts: Needs, actor: Actor, reviewId: string, now: Date): Promise<{ position: number }> => {
  const { position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const heads = await tx.query<Head>(
      'select id, kind, opened_at, due_at, closed_at is not null as closed from auth.review where id::text = $1',
      [reviewId],
    )
    const head = heads.rows[0]
    if (!head) throw new AppError('not_found')
    const open = await tx.query<{ staff_id: string; role: string }>(
      'select staff_id, role from auth.review_item where review_id = $1 and decision is null',
      [head.id],
    )
    if (head.closed || (open.rows.length > 0 && Date.parse(head.due_at) > now.getTime())) throw new AppError('version_conflict')
    for (const { staff_id, role } of open.rows) await expire(parts, tx, actor, head.id, staff_id, role)
    const { rows } = await tx.query<ItemRow>('select * from auth.review_item where review_id = $1 order by staff_id, role', [head.id])
    const report = reportOf(head, rows, now.toISOString())
    const seal = textMac(await parts.macKey(), 'access-review/1', report).toString('hex')
    await tx.query('update auth.review set closed_at = $2, report = $3, seal = $4 where id = $1', [head.id, now, report, seal])
    const hash = createHash('sha256').update(report).digest('hex')
    await tx.audit([{ actor, action: 'review_close', entity: 'installation', ids: [head.id], fields: [head.kind, hash], outcome: 'done' }])
  })
  return { position }
}

const expire = async (parts: Needs, tx: Transaction, actor: Actor, reviewId: string, staffId: string, role: string): Promise<void> => {
  let decision = 'expired'
  await tx.query('savepoint expiring')
  try {
    await takeRole(parts, tx, actor, staffId, role)
    await tx.query('release savepoint expiring')
  } catch (error) {
    // A dealer that does nothing is not locked out of its own data by it; the report says who was spared.
    if (!(error instanceof AppError) || !['last_owner', 'nobody_left'].includes(error.code)) throw error
    await tx.query('rollback to savepoint expiring')
    decision = 'exempt'
  }
  await tx.query('update auth.review_item set decision = $4, decided_at = now() where review_id = $1 and staff_id = $2 and role = $3', [
    reviewId,
    staffId,
    role,
    decision,
  ])
}

/** Whether the record of a closed review is the one this installation sealed. */
export const isReviewSealed = async ({ macKey }: Pick<Needs, 'macKey'>, report: string, seal: string): Promise<boolean> =>
  textMac(await macKey(), 'access-review/1', report).toString('hex') === seal
