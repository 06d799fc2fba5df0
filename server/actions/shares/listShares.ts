import { AppError } from '../../../domain/errors.ts'
import { shareState } from '../../../domain/export/shares.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import { isRecordId } from '../../store/reads.ts'
import { openText } from '../../store/sealedText.ts'
import { listShares, openingsOf, readShare, recallShareRow, type ShareRow } from '../../store/shareTable.ts'
import type { Parts } from '../parts.ts'

/** A link as its maker sees it, and who tried it. */
export type ShareLine = {
  id: string
  kind: string
  target: string
  fields: string[]
  staffId: string
  recipient: { name: string; contact: string }
  createdAt: string
  expiresAt: string
  state: string
  recalledAt: string | null
  openings: { at: string; outcome: string; from: string | null }[]
}

type ListParts = Pick<Parts, 'pool' | 'broker' | 'macKey'>

const recipientOf = async ({ pool, broker }: ListParts, { id, subject, sealedRecipient }: ShareRow): Promise<ShareLine['recipient']> => {
  const text = await openText({ client: pool, broker }, { entity: 'share', recordId: id, subject, group: 'recipient' }, sealedRecipient)
  return { name: '', contact: '', ...(JSON.parse(text ?? '{}') as Partial<ShareLine['recipient']>) }
}

/** Returns one's own links, newest first; everybody's for those who may agree to exports. */
export const shareLines = async (parts: ListParts, actor: Actor): Promise<ShareLine[]> => {
  const { pool, broker } = parts
  const shares = await listShares(pool, await parts.macKey(), hasDuty(actor, 'access.approve') ? null : actor.staffId)
  const openings = await openingsOf(
    pool,
    shares.map(({ id }) => id),
  )
  return Promise.all(
    shares.map(async (share): Promise<ShareLine> => {
      const place = { entity: 'share', recordId: share.id, subject: share.subject, group: 'opening' }
      return {
        id: share.id,
        kind: share.kind,
        target: share.target,
        fields: [...share.fields],
        staffId: share.staffId,
        recipient: await recipientOf(parts, share),
        createdAt: share.createdAt,
        expiresAt: share.expiresAt,
        state: shareState(share),
        recalledAt: share.recalledAt,
        openings: await Promise.all(
          openings
            .filter((one) => one.share === share.id)
            .map(async ({ at, outcome, sealedFrom }) => ({
              at,
              outcome,
              from: await openText({ client: pool, broker }, place, sealedFrom),
            })),
        ),
      }
    }),
  )
}

/** Takes a link back: one's own, or anybody's for those who may agree to exports. Throws `not_found`. */
export const recallShare = async (parts: Pick<Parts, 'pool' | 'records' | 'macKey'>, actor: Actor, id: string): Promise<void> => {
  const share = isRecordId(id) ? await readShare(parts.pool, await parts.macKey(), id) : null
  if (!share || (share.staffId !== actor.staffId && !hasDuty(actor, 'access.approve'))) throw new AppError('not_found')
  await parts.records.transaction(actor, async (tx) => {
    if (!(await recallShareRow(tx, id, actor.staffId))) return
    await tx.audit([
      {
        actor,
        action: 'share_recall',
        entity: share.kind === 'customer' ? 'customer' : 'export',
        ids: [share.target],
        subjects: share.about === null ? [] : [share.about],
        outcome: 'done',
      },
    ])
  })
}
