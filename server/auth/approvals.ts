import { type KeyObject, randomUUID } from 'node:crypto'
import { type Approval, type ApprovalKind, type Verdict, whyNotDecide } from '../../domain/access/approval.ts'
import { AppError } from '../../domain/errors.ts'
import { type MacPart, rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from '../store/database.ts'

type ApprovalRow = {
  id: string
  kind: ApprovalKind
  target: string
  asked_by: string
  asked_at: string
  needed: number
  expires_at: string
  self_after: string | null
  mac: Buffer
}
type DecisionRow = { approval: string; decided_by: string; verdict: Verdict; decided_at: string; sealed_reason: Buffer | null; mac: Buffer }

/** A request as it is read, with the sealed reasons of its decisions by who decided. */
export type ReadApproval = Approval & { readonly reasons: ReadonlyMap<string, Buffer> }

const at = (text: string | null): Date | null => (text === null ? null : new Date(text))
const approvalParts = (row: Omit<ApprovalRow, 'mac'>): MacPart[] => [
  row.id,
  row.kind,
  row.target,
  row.asked_by,
  at(row.asked_at),
  row.needed,
  at(row.expires_at),
  at(row.self_after),
]
const decisionParts = (row: Omit<DecisionRow, 'mac' | 'sealed_reason'>): MacPart[] => [
  row.approval,
  row.decided_by,
  row.verdict,
  at(row.decided_at),
]

/** Asks for the agreement of others, in the caller's transaction, and returns the request. `selfAfterMinutes`: null where nobody agrees with themselves. */
export const askApproval = async (
  client: Queryable,
  macKey: KeyObject,
  asked: { kind: ApprovalKind; target: string; askedBy: string; needed: number; hours: number; selfAfterMinutes: number | null },
): Promise<Approval> => {
  const now = Date.now()
  const row = {
    id: randomUUID(),
    kind: asked.kind,
    target: asked.target,
    asked_by: asked.askedBy,
    asked_at: new Date(now).toISOString(),
    needed: asked.needed,
    expires_at: new Date(now + asked.hours * 3_600_000).toISOString(),
    self_after: asked.selfAfterMinutes === null ? null : new Date(now + asked.selfAfterMinutes * 60_000).toISOString(),
  }
  await client.query(
    `insert into auth.approval (id, kind, target, asked_by, asked_at, needed, expires_at, self_after, mac) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [...Object.values(row), rowMac(macKey, 'auth.approval', approvalParts(row))],
  )
  return approvalOf(row, [])
}

const approvalOf = (row: Omit<ApprovalRow, 'mac'>, decisions: readonly DecisionRow[]): ReadApproval => ({
  id: row.id,
  kind: row.kind,
  target: row.target,
  askedBy: row.asked_by,
  askedAt: row.asked_at,
  needed: row.needed,
  expiresAt: row.expires_at,
  selfAfter: row.self_after,
  decisions: decisions.map((one) => ({ decidedBy: one.decided_by, verdict: one.verdict, decidedAt: one.decided_at })),
  reasons: new Map(decisions.flatMap((one) => (one.sealed_reason ? [[one.decided_by, one.sealed_reason] as const] : []))),
})

const read = async (client: Queryable, macKey: KeyObject, rows: readonly ApprovalRow[]): Promise<ReadApproval[]> => {
  const genuine = rows.filter((row) => verifyRowMac(macKey, 'auth.approval', approvalParts(row), row.mac))
  const { rows: decisions } = await client.query<DecisionRow>('select * from auth.approval_decision where approval = any($1::uuid[])', [
    genuine.map(({ id }) => id),
  ])
  const valid = decisions.filter((row) => verifyRowMac(macKey, 'auth.approval_decision', decisionParts(row), row.mac))
  return genuine.map((row) =>
    approvalOf(
      row,
      valid.filter(({ approval }) => approval === row.id),
    ),
  )
}

/** Returns the requests that are there, by id; a row that this installation did not write, or that was altered, is none, and such a decision was never made. */
export const readApprovals = async (client: Queryable, macKey: KeyObject, ids: readonly string[]): Promise<Map<string, ReadApproval>> => {
  const { rows } = await client.query<ApprovalRow>('select * from auth.approval where id = any($1::uuid[])', [ids])
  return new Map((await read(client, macKey, rows)).map((one) => [one.id, one]))
}

/** Returns the requests that had not ended `days` ago, newest first, 200 at most. */
export const recentApprovals = async (client: Queryable, macKey: KeyObject, days: number): Promise<ReadApproval[]> => {
  const sql = 'select * from auth.approval where expires_at > now() - make_interval(days => $1) order by asked_at desc limit 200'
  return read(client, macKey, (await client.query<ApprovalRow>(sql, [days])).rows)
}

/** Locks a request until the end of the transaction and returns it as it is then. Throws `not_found`. */
export const lockApproval = async (client: Queryable, macKey: KeyObject, id: string): Promise<ReadApproval> => {
  // Whoever decides at the same moment is waited for: of two who would both be the last, the second finds the request closed.
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 20))', [id])
  const found = (await readApprovals(client, macKey, [id])).get(id)
  if (!found) throw new AppError('not_found')
  return found
}

/**
 * Writes down what somebody decided about a request that is locked. Throws `approval_closed`, `own_request`, `already_decided`: one person, one decision, and
 * nobody about what they asked themselves, but in a small shop after a while.
 */
export const decideApproval = async (
  client: Queryable,
  macKey: KeyObject,
  approval: ReadApproval,
  decision: { decidedBy: string; verdict: Verdict; sealedReason: Buffer | null },
): Promise<ReadApproval> => {
  const why = whyNotDecide(approval, decision.decidedBy)
  if (why) throw new AppError(why)
  const row = {
    approval: approval.id,
    decided_by: decision.decidedBy,
    verdict: decision.verdict,
    decided_at: new Date().toISOString(),
  }
  await client.query(
    `insert into auth.approval_decision (approval, decided_by, verdict, decided_at, sealed_reason, mac) values ($1, $2, $3, $4, $5, $6)`,
    [...Object.values(row), decision.sealedReason, rowMac(macKey, 'auth.approval_decision', decisionParts(row))],
  )
  return (await readApprovals(client, macKey, [approval.id])).get(approval.id)!
}
