/** Days before its end at which a certificate wants its owner: three weeks, so that a holiday of one does not pass unseen. Own choice. */
export const certificateDueDays = 21

/**
 * Whether somebody must see to the server's certificate: it ends soon, or what should have renewed it failed. One that renews itself does so long
 * before (ACME: a third of its life, 30 of 90 days), so that it too is due when that did not happen.
 */
export const isCertificateDue = ({ daysLeft, problem }: { readonly daysLeft: number | null; readonly problem: string | null }): boolean =>
  problem !== null || (daysLeft !== null && daysLeft <= certificateDueDays)
