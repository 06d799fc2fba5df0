import { randomUUID } from 'node:crypto'
import { approvalState, type Verdict, whyNotDecide } from '../../../domain/access/approval.ts'
import {
  agreementsNeeded,
  emergencyAskHours,
  emergencyMinutes,
  type EmergencyReason,
  emergencyReviewDays,
  emergencySelfMinutes,
} from '../../../domain/access/emergency.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import type { Duty } from '../../../domain/policy/role.ts'
import { smallShop } from '../../../domain/policy/separation.ts'
import { askApproval, decideApproval, lockApproval, readApprovals, type ReadApproval } from '../../auth/approvals.ts'
import { type EmergencyRow, readEmergencies, storeEmergency } from '../../auth/emergencies.ts'
import { tellHolders } from '../../auth/tellHolders.ts'
import { addGrant } from '../../auth/roleGrants.ts'
import type { Transaction } from '../../store/records.ts'
import { openText, sealText } from '../../store/sealedText.ts'
import type { Parts } from '../parts.ts'
import { lockRights } from './requireKeepers.ts'

type Needs = Pick<Parts, 'pool' | 'records' | 'actors' | 'macKey' | 'broker' | 'audit'>

/** An emergency as those who guard, and whoever asked, see it. Times are ISO 8601. */
export type Emergency = {
  id: string
  staffId: string
  reason: string
  note: string | null
  storeIds: string[]
  askedAt: string
  /** How the request stands; `approved` once the hour was given. */
  state: string
  needed: number
  agreed: string[]
  /** Agreed to by whoever asked: a small shop's departure. */
  deviation: boolean
  selfAfter: string | null
  /** Whether whoever reads this may decide, or look into it, now. */
  mayDecide: boolean
  mayReview: boolean
  grantedAt: string | null
  endsAt: string | null
  /** How many people's records were looked at in that time. */
  seen: number
  verdict: string | null
  reviewedBy: string | null
  overdue: boolean
}

const placeOf = (row: Pick<EmergencyRow, 'id' | 'subject'>) => ({
  entity: 'emergency',
  recordId: row.id,
  subject: row.subject,
  group: 'note',
})

const guards = (actor: Actor): boolean => (['access.approve', 'access.manage', 'audit.read'] as const).some((duty) => hasDuty(actor, duty))

const stateOf = (row: EmergencyRow, approval: ReadApproval | undefined): string =>
  row.granted_at ? 'approved' : approval ? approvalState(approval) : 'refused'

const reviewers = (actor: Actor): boolean => hasDuty(actor, 'audit.read') || hasDuty(actor, 'access.manage')

/** Returns the emergencies there were: one's own, or all for those who guard. */
export const listEmergencies = async (parts: Needs, actor: Actor): Promise<{ items: Emergency[] }> => {
  const macKey = await parts.macKey()
  const rows = (await readEmergencies(parts.pool, macKey, 'all')).filter((row) => guards(actor) || row.staff_id === actor.staffId)
  const approvals = await readApprovals(
    parts.pool,
    macKey,
    rows.map(({ approval }) => approval),
  )
  const items = await Promise.all(
    rows.map(async (row): Promise<Emergency> => {
      const approval = approvals.get(row.approval)
      const over = row.ends_at !== null && Date.parse(row.ends_at) < Date.now()
      const agreed = approval?.decisions.filter(({ verdict }) => verdict === 'approve').map(({ decidedBy }) => decidedBy) ?? []
      return {
        id: row.id,
        staffId: row.staff_id,
        reason: row.reason,
        note: await openText({ client: parts.pool, broker: parts.broker }, placeOf(row), row.sealed_note),
        storeIds: row.store_ids,
        askedAt: row.asked_at,
        state: stateOf(row, approval),
        needed: approval?.needed ?? 0,
        agreed,
        deviation: agreed.includes(row.staff_id),
        selfAfter: approval?.selfAfter ?? null,
        mayDecide: approval !== undefined && hasDuty(actor, 'access.approve') && whyNotDecide(approval, actor.staffId) === null,
        mayReview: over && row.verdict === null && reviewers(actor) && actor.staffId !== row.staff_id,
        grantedAt: row.granted_at,
        endsAt: row.ends_at,
        seen: row.granted_at === null ? 0 : await countSeen(parts, row),
        verdict: row.verdict,
        reviewedBy: row.reviewed_by,
        overdue: over && row.verdict === null && Date.now() - Date.parse(row.ends_at!) > emergencyReviewDays * 86_400_000,
      }
    }),
  )
  return { items }
}

const countSeen = async ({ pool }: Needs, row: EmergencyRow): Promise<number> => {
  const { rows } = await pool.query<{ n: number }>(
    `select count(distinct s)::int as n from audit.entry e, unnest(e.subjects) s
     where e.actor = $1 and e.at >= $2 and e.at < $3 and e.action in ('read', 'reveal', 'lens', 'use_call', 'use_message', 'use_copy', 'use_navigate')`,
    [row.staff_id, row.granted_at, row.ends_at],
  )
  return rows[0]?.n ?? 0
}

/**
 * Asks for an hour in which the contact details of these stores stand open. Returns the request: others agree to it, or in a small shop one does so oneself after a
 * while. Throws `input_invalid` for a store that is not there or no note, `duplicate` while one's own request is open.
 */
export const askEmergency = async (
  parts: Needs,
  actor: Actor,
  asked: { reason: EmergencyReason; note: string; storeIds: readonly string[] },
): Promise<{ id: string; position: number }> => {
  const macKey = await parts.macKey()
  const note = asked.note.normalize('NFKC').trim()
  if (note.length < 4) throw new AppError('input_invalid', { problems: [{ field: 'note', problem: 'required' }] })
  const { value, position } = await parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const stores = await tx.query('select 1 from stores where id = any($1::uuid[]) and trashed_at is null', [asked.storeIds])
    if (stores.rowCount === 0 || stores.rowCount !== new Set(asked.storeIds).size)
      throw new AppError('input_invalid', { problems: [{ field: 'storeIds', problem: 'bad_reference' }] })
    const open = (await readEmergencies(tx, macKey, 'all')).filter((row) => row.staff_id === actor.staffId && row.granted_at === null)
    const approvals = await readApprovals(
      tx,
      macKey,
      open.map(({ approval }) => approval),
    )
    if (open.some((row) => stateOf(row, approvals.get(row.approval)) === 'open')) throw new AppError('duplicate')
    const staff = await parts.actors.everybody(tx)
    const others = staff.filter((one) => one.staffId !== actor.staffId && hasDuty(one, 'access.approve')).length
    const id = randomUUID()
    const approval = await askApproval(tx, macKey, {
      kind: 'breakGlass',
      target: id,
      askedBy: actor.staffId,
      needed: staff.length <= smallShop ? 1 : agreementsNeeded(others),
      hours: emergencyAskHours,
      selfAfterMinutes: staff.length <= smallShop || others === 0 ? emergencySelfMinutes : null,
    })
    const place = placeOf({ id, subject: actor.subject })
    await storeEmergency(tx, macKey, {
      id,
      staff_id: actor.staffId,
      subject: actor.subject,
      reason: asked.reason,
      sealed_note: await sealText({ client: tx, broker: parts.broker }, place, note),
      store_ids: [...new Set(asked.storeIds)],
      approval: approval.id,
      asked_at: approval.askedAt,
    })
    await tellHolders(tx, parts.actors, ['access.approve'], {
      except: actor.staffId,
      kind: 'emergency_asked',
      detail: { by: actor.staffId },
    })
    await tx.audit([
      {
        actor,
        action: 'emergency_ask',
        entity: 'staff',
        ids: [actor.staffId],
        subjects: [actor.subject],
        fields: [asked.reason],
        outcome: 'done',
      },
    ])
    return id
  })
  return { id: value, position }
}

const give = async (parts: Needs, tx: Transaction, actor: Actor, row: EmergencyRow): Promise<void> => {
  const endsAt = new Date(Date.now() + emergencyMinutes * 60_000).toISOString()
  const grant = { staffId: row.staff_id, role: 'emergency', storeIds: row.store_ids, kind: 'emergency' as const, forStaff: null }
  await addGrant(tx, await parts.macKey(), { ...grant, grantedBy: actor.staffId, startsAt: null, endsAt })
  await tx.query('update auth.emergency set granted_at = now(), ends_at = $2 where id = $1', [row.id, endsAt])
  // Loud: to everybody who guards, whoever agreed too.
  const loud: readonly Duty[] = ['access.approve', 'access.manage', 'audit.read']
  await tellHolders(tx, parts.actors, loud, { except: '', kind: 'emergency_opened', detail: { by: row.staff_id } })
  await tx.audit([
    { actor, action: 'break_glass', entity: 'staff', ids: [row.staff_id], subjects: [row.subject], fields: [row.reason], outcome: 'done' },
  ])
}

/**
 * Decides about a request of somebody else's: with the last agreement the hour begins. Throws `not_found`, `own_request`, `already_decided`,
 * `approval_closed`; refused tries are on record.
 */
export const decideEmergency = async (parts: Needs, actor: Actor, id: string, verdict: Verdict): Promise<{ position: number }> => {
  const macKey = await parts.macKey()
  const work = parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const [row] = await readEmergencies(tx, macKey, { id })
    if (!row) throw new AppError('not_found')
    const approval = await lockApproval(tx, macKey, row.approval)
    if (approval.target !== row.id || approval.askedBy !== row.staff_id) throw new AppError('not_found')
    const after = await decideApproval(tx, macKey, approval, { decidedBy: actor.staffId, verdict, sealedReason: null })
    const isOwn = actor.staffId === row.staff_id
    const action = verdict === 'refuse' ? 'approval_refuse' : isOwn ? 'approval_self' : 'approval_grant'
    await tx.audit([{ actor, action, entity: 'approval', ids: [approval.id], fields: [row.reason], outcome: 'done' }])
    if (approvalState(after) === 'approved') await give(parts, tx, actor, row)
  })
  const { position } = await work.catch(async (error: unknown) => {
    const told = error instanceof AppError && ['own_request', 'already_decided'].includes(error.code)
    if (told) await parts.audit.refused({ actor, action: 'approval_grant', entity: 'approval', ids: [id] })
    throw error
  })
  return { position }
}

/** Writes down what came of looking into an emergency whose hour is over; never by whoever asked. Throws `own_rights`, `not_found`, `version_conflict`. */
export const reviewEmergency = async (
  parts: Needs,
  actor: Actor,
  id: string,
  verdict: 'justified' | 'misused',
): Promise<{ position: number }> => {
  const macKey = await parts.macKey()
  const { position } = await parts.records.transaction(actor, async (tx) => {
    const [row] = await readEmergencies(tx, macKey, { id })
    if (!row || row.ends_at === null) throw new AppError('not_found')
    if (row.staff_id === actor.staffId) throw new AppError('own_rights')
    const { rowCount } = await tx.query(
      `update auth.emergency set verdict = $2, reviewed_by = $3, reviewed_at = now() where id = $1 and verdict is null and ends_at < now()`,
      [row.id, verdict, actor.staffId],
    )
    if (rowCount === 0) throw new AppError('version_conflict')
    await tx.audit([
      {
        actor,
        action: 'emergency_review',
        entity: 'staff',
        ids: [row.staff_id],
        subjects: [row.subject],
        fields: [verdict],
        outcome: 'done',
      },
    ])
  })
  return { position }
}
