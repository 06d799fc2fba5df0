import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { longestLoan } from '../../../domain/policy/longestLoan.ts'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { addGrant, type NewGrant } from '../../auth/roleGrants.ts'
import { notify } from '../../store/notices.ts'
import type { Transaction } from '../../store/records.ts'
import type { Parts } from '../parts.ts'
import { requireGrantable } from './requireGrantable.ts'
import { lockRights } from './requireKeepers.ts'
import { requireOthers } from './setRoles.ts'

type Needs = Pick<Parts, 'records' | 'actors' | 'macKey'>

const day = 24 * 3_600_000

/** A stretch of time, ISO 8601; without `startsAt` it begins now. */
export type Span = { readonly startsAt?: string; readonly endsAt: string }

const spanOf = ({ startsAt, endsAt }: Span): { startsAt: string | null; endsAt: string } => {
  const [from, to] = [startsAt === undefined ? Date.now() : Date.parse(startsAt), Date.parse(endsAt)]
  const problem = !(to > from) || to < Date.now() ? 'bad_date' : to - from > longestLoan * day ? 'too_long' : null
  if (problem) throw new AppError('input_invalid', { problems: [{ field: 'endsAt', problem }] })
  return { startsAt: startsAt === undefined ? null : new Date(from).toISOString(), endsAt: new Date(to).toISOString() }
}

const subjectOf = async (tx: Pick<Transaction, 'query'>, staffId: string): Promise<number> => {
  const { rows } = await tx.query<{ subject: number }>('select subject from staff where id = $1 and active and trashed_at is null', [
    staffId,
  ])
  if (!rows[0]) throw new AppError('not_found')
  return rows[0].subject
}

const write = (parts: Needs, actor: Actor, action: 'grant' | 'delegate', judge: (tx: Transaction) => Promise<NewGrant[]>) =>
  parts.records.transaction(actor, async (tx) => {
    await lockRights(tx)
    const macKey = await parts.macKey()
    const grants = await judge(tx)
    const ids: string[] = []
    for (const grant of grants) ids.push(await addGrant(tx, macKey, grant))
    const { staffId } = grants[0]!
    const subject = await subjectOf(tx, staffId)
    const fields = grants.map(({ role }) => role)
    await notify(tx, staffId, action === 'delegate' ? 'stands_in' : 'rights_lent', { by: actor.staffId, until: grants[0]!.endsAt })
    await tx.audit([{ actor, action, entity: 'staff', ids: [staffId], subjects: [subject], fields, outcome: 'done' }])
    return ids
  })

/**
 * Gives somebody a role until a day. Returns the ids of the grants. Throws `own_rights`, `forbidden`, `not_found`, `input_invalid` for a stretch that is over, or longer
 * than `longestLoan` days.
 */
export const lendRole = async (
  parts: Needs,
  actor: Actor,
  staffId: string,
  asked: Span & { role: string; storeIds: readonly string[] },
): Promise<{ ids: string[]; position: number }> => {
  const span = spanOf(asked)
  const { value, position } = await write(parts, actor, 'grant', async (tx) => {
    await requireGrantable(tx, actor, { roles: [asked.role], storeIds: asked.storeIds })
    requireOthers(actor, staffId, [], [asked.role])
    return [
      {
        staffId,
        role: asked.role,
        storeIds: asked.storeIds,
        kind: 'temporary',
        forStaff: null,
        grantedBy: actor.staffId,
        ...span,
      },
    ]
  })
  return { ids: value, position }
}

/**
 * Puts a colleague in one's place for a while: they get the roles one has for good, in one's stores, and one's own records count as theirs. Nobody lends a power
 * over the installation (`isPrivileged`) by themselves. Throws `forbidden`, `not_found`, `input_invalid`.
 */
export const delegate = async (
  parts: Needs,
  actor: Actor,
  asked: Span & { staffId: string },
): Promise<{ ids: string[]; position: number }> => {
  const span = spanOf(asked)
  const own = actor.standings.filter(({ kind, role }) => kind === 'lasting' && !isPrivileged([{ role }]))
  if (own.length === 0) throw new AppError('forbidden', { fields: ['roles'] })
  if (asked.staffId === actor.staffId) throw new AppError('input_invalid', { problems: [{ field: 'staffId', problem: 'bad_reference' }] })
  const { value, position } = await write(parts, actor, 'delegate', async (tx) => {
    if (!(await parts.actors.ofStaff(tx, asked.staffId)))
      throw new AppError('input_invalid', { problems: [{ field: 'staffId', problem: 'bad_reference' }] })
    return own.map(({ roleId, storeIds }) => ({
      staffId: asked.staffId,
      role: roleId,
      storeIds,
      kind: 'delegated',
      forStaff: actor.staffId,
      grantedBy: actor.staffId,
      ...span,
    }))
  })
  return { ids: value, position }
}

/**
 * Ends a lent right before its time: whoever grants may, and whoever gave it. Throws `not_found` for one that is not there, or not the actor's to end.
 */
export const endLoan = async (parts: Needs, actor: Actor, grantId: string, mayEndAll: boolean): Promise<{ position: number }> => {
  const { position } = await parts.records.transaction(actor, async (tx) => {
    const { rows } = await tx.query<{ staff_id: string; role: string }>(
      `delete from auth.role_grant where id = $1 and kind <> 'lasting' and ($2 or granted_by = $3) returning staff_id, role`,
      [grantId, mayEndAll, actor.staffId],
    )
    if (!rows[0]) throw new AppError('not_found')
    const { rows: people } = await tx.query<{ subject: number }>('select subject from staff where id = $1', [rows[0].staff_id])
    await tx.audit([
      {
        actor,
        action: 'grant_end',
        entity: 'staff',
        ids: [rows[0].staff_id],
        subjects: people.map(({ subject }) => subject),
        fields: [rows[0].role],
        outcome: 'done',
      },
    ])
  })
  return { position }
}
