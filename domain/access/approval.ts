/** What a second person has to agree to. */
export type ApprovalKind = 'export' | 'breakGlass'
export type Verdict = 'approve' | 'refuse'

/** What one person decided. */
export type Decision = { readonly decidedBy: string; readonly verdict: Verdict; readonly decidedAt: string }

/** A request for the agreement of others. Times are ISO 8601. */
export type Approval = {
  readonly id: string
  readonly kind: ApprovalKind
  readonly target: string
  readonly askedBy: string
  readonly askedAt: string
  /** How many others have to agree. */
  readonly needed: number
  readonly expiresAt: string
  /** From when on, in a small shop, whoever asked may agree with themselves (DESIGN 6); null: never. */
  readonly selfAfter: string | null
  readonly decisions: readonly Decision[]
}

export type ApprovalState = 'open' | 'approved' | 'refused' | 'expired'

// A decision of the one who asked counts where the request itself allowed it, and not before its time.
const counts = (approval: Approval, { decidedBy, decidedAt }: Decision): boolean =>
  decidedBy !== approval.askedBy || (approval.selfAfter !== null && Date.parse(decidedAt) >= Date.parse(approval.selfAfter))

/** Returns how a request stands: refused by one, approved by as many distinct people as it takes. Decisions after its end do not count. */
export const approvalState = (approval: Approval, now = Date.now()): ApprovalState => {
  const end = Date.parse(approval.expiresAt)
  const valid = approval.decisions.filter((one) => counts(approval, one) && Date.parse(one.decidedAt) <= end)
  if (valid.some(({ verdict }) => verdict === 'refuse')) return 'refused'
  if (new Set(valid.map(({ decidedBy }) => decidedBy)).size >= approval.needed) return 'approved'
  return now > end ? 'expired' : 'open'
}

/** Returns why somebody may not decide now; null when they may. Whether they have the duty, and see what it is about, is asked elsewhere. */
export const whyNotDecide = (
  approval: Approval,
  staffId: string,
  now = Date.now(),
): 'approval_closed' | 'own_request' | 'already_decided' | null => {
  if (approvalState(approval, now) !== 'open') return 'approval_closed'
  if (approval.decisions.some(({ decidedBy }) => decidedBy === staffId)) return 'already_decided'
  const isSelf = staffId === approval.askedBy
  return isSelf && (approval.selfAfter === null || now < Date.parse(approval.selfAfter)) ? 'own_request' : null
}
