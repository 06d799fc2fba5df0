import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { combine, split } from 'shamir-secret-sharing'
import { AppError } from '../../domain/errors.ts'
import { formatAgeIdentity, parseAgeIdentity } from './ageIdentity.ts'
import { formatShare, kitIdOf, parseShare } from './kitShare.ts'
import type { KitShare } from './kitShare.ts'

/** 3 of 5, or 2 of 3 in a small shop. */
export type KitSize = { shares: 5; threshold: 3 } | { shares: 3; threshold: 2 }

/** `recipient` is the public half: everything is wrapped to it. `shares` are printed once and kept nowhere. */
export type RecoveryKit = { kitId: string; recipient: string; shares: string[] }

/**
 * Makes a recovery kit: an age X25519 identity, split by Shamir's scheme (Shamir 1979) so that any `threshold` shares give it back.
 * The identity itself is forgotten. The shares are combined once before they are returned.
 */
export async function createRecoveryKit(size: KitSize): Promise<RecoveryKit> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const secret = parseAgeIdentity(identity)
  if (!secret) throw new AppError('internal', { problem: 'age identity' })
  const parts = await split(new Uint8Array(secret), size.shares, size.threshold)
  secret.fill(0)
  const kitId = kitIdOf(recipient)
  const shares = parts.map((data, i) =>
    formatShare({ kitId, threshold: size.threshold, total: size.shares, index: i + 1, data: Buffer.from(data) }),
  )
  await proveKit(shares.slice(-size.threshold), recipient)
  return { kitId, recipient, shares }
}

/**
 * Returns which share a text is, for feedback while typing: { kitId, index, total, threshold }.
 * Throws AppError('shares_invalid', { problem: 'mistyped', share: 1 }).
 */
export function describeShare(text: string): Omit<KitShare, 'data'> {
  const { kitId, index, total, threshold } = readShares([text])[0] as KitShare
  return { kitId, index, total, threshold }
}

/**
 * Returns the identity (`AGE-SECRET-KEY-1…`) that the typed shares give. Never a wrong one: plain Shamir would return one silently.
 * Throws AppError('shares_invalid', { problem, share }), where share is the place in `texts` (from 1) and problem is one of
 * mistyped | other_kit | repeated | too_few (with `given` and `needed`) | wrong_result.
 */
export async function combineShares(texts: readonly string[]): Promise<string> {
  const shares = readShares(texts)
  const first = shares[0]
  const needed = first?.threshold ?? 2
  if (!first || shares.length < needed) throw refuse('too_few', texts.length, { given: shares.length, needed })
  const secret = Buffer.from(await combine(shares.map((share) => new Uint8Array(share.data))))
  const identity = formatAgeIdentity(secret)
  secret.fill(0)
  if (kitIdOf(await identityToRecipient(identity)) !== first.kitId) throw refuse('wrong_result', texts.length)
  return identity
}

/**
 * Resolves when the typed shares open what is wrapped to `recipient`.
 * Throws AppError('shares_invalid') as combineShares does, and with problem 'other_recipient' for the good shares of another kit.
 */
export async function proveKit(texts: readonly string[], recipient: string): Promise<void> {
  if ((await identityToRecipient(await combineShares(texts))) !== recipient) throw refuse('other_recipient', 1)
}

function refuse(problem: string, share: number, more: Record<string, number> = {}): AppError {
  return new AppError('shares_invalid', { problem, share, ...more })
}

function readShares(texts: readonly string[]): KitShare[] {
  const shares = texts.map((text, i) => {
    const share = parseShare(text)
    if (!share) throw refuse('mistyped', i + 1)
    return share
  })
  // The share that differs from most is the stranger, even if it was typed first.
  const kits = shares.map((share) => `${share.kitId}/${share.threshold}/${share.total}`)
  const count = (kit: string) => kits.filter((other) => other === kit).length
  const usual = kits.reduce((best, kit) => (count(kit) > count(best) ? kit : best), kits[0] ?? '')
  const stranger = kits.findIndex((kit) => kit !== usual)
  if (stranger >= 0) throw refuse('other_kit', stranger + 1)
  const repeated = shares.findIndex((share, i) => shares.findIndex((other) => other.index === share.index) < i)
  if (repeated >= 0) throw refuse('repeated', repeated + 1)
  return shares
}
