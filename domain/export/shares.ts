/** Days a link opens, unless whoever shares says otherwise, and at most. */
export const usualShareDays = 7
export const mostShareDays = 30

/** Digits of the PIN that is told apart from the link. */
export const pinDigits = 6

/** How often the file of a shared export may be fetched through one link. */
export const mostShareDownloads = 3

export type ShareKind = 'export' | 'customer'

/** What becomes of a link: it opens, or why it does not. */
export const shareState = (share: { recalledAt: string | null; expiresAt: string }, now = Date.now()): 'open' | 'recalled' | 'expired' =>
  share.recalledAt !== null ? 'recalled' : Date.parse(share.expiresAt) <= now ? 'expired' : 'open'
