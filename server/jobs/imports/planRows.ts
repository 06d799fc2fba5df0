import { type DuplicateWay, mergeImported } from '../../../domain/import/mergeImported.ts'
import type { ImportedConsent } from '../../../domain/import/readConsent.ts'
import type { ImportedPurchase } from '../../../domain/import/readPurchase.ts'
import type { InputOf } from '../../store/records.ts'

/** A row as it would be stored, with what comes beside it. */
export type Draft = {
  readonly input: InputOf<'customer'>
  readonly consents: readonly ImportedConsent[]
  readonly purchases: readonly ImportedPurchase[]
  /** Whether the customer, if the row makes one, waits in the pool because whoever was meant cannot own them; or is in the chosen store for want of the named one. */
  readonly isPooled: boolean
  readonly isStoreUnknown: boolean
}

/** Values by which somebody is known again. */
type Key = { readonly field: 'phones' | 'emails' | 'wechatIds'; readonly value: string }

export const exactFields = ['phones', 'emails', 'wechatIds'] as const

/** Returns what somebody would be known again by, in the order in which it counts: phone, e-mail, WeChat id. */
export const keysOf = ({ input }: Draft): Key[] =>
  exactFields.flatMap((field) => (input[field] ?? []).map((value) => ({ field, value: field === 'phones' ? value : value.toLowerCase() })))

/** Returns a key as one text. */
export const keyText = ({ field, value }: Key): string => `${field} ${value}`

/** What a batch does: customers to make, and rows to bring to those who are there, by their id. `skipped`: rows that bring nothing. */
export type Plan = { creates: Draft[]; changes: Map<string, Draft[]>; folded: number; skipped: number }

type Target = { id: string } | { at: number }

/** One customer of two rows: the second is brought to the first as it would be to one who is there already. */
const fold = (first: Draft, second: Draft, way: 'merge' | 'update', notesMax: number): Draft => {
  const {
    phones = [],
    emails = [],
    wechatIds = [],
    addresses = [],
    tags = [],
    notes = null,
    source = null,
    basis = null,
    referrerId = null,
  } = first.input
  const known = { name: first.input.name, phones, emails, wechatIds, addresses, tags, notes, source, basis, referrerId }
  const { input } = second
  const row = {
    name: input.name,
    phones: [...(input.phones ?? [])],
    emails: [...(input.emails ?? [])],
    wechatIds: [...(input.wechatIds ?? [])],
    addresses: [...(input.addresses ?? [])],
    tags: [...(input.tags ?? [])],
    notes: input.notes ?? null,
    ...(input.source ? { source: input.source } : {}),
    ...(input.basis ? { basis: input.basis } : {}),
    referrerId: input.referrerId ?? null,
  }
  return {
    ...first,
    input: { ...first.input, ...mergeImported(known, row, way, notesMax) },
    consents: [...first.consents, ...second.consents.filter(({ channel }) => !first.consents.some((one) => one.channel === channel))],
    purchases: [...first.purchases, ...second.purchases],
  }
}

/**
 * Decides what becomes of each row of a batch, in file order: `known` are ids of customers by key, `shunned` keys of people who must not come back. Two rows
 * of one batch that share a key are about one person, as a row and a customer are.
 */
export const planRows = (
  drafts: readonly Draft[],
  {
    known,
    shunned,
    way,
    notesMax,
  }: { known: ReadonlyMap<string, string>; shunned: ReadonlySet<string>; way: DuplicateWay; notesMax: number },
): Plan => {
  const plan: Plan = { creates: [], changes: new Map(), folded: 0, skipped: 0 }
  const targets = new Map<string, Target>([...known].map(([key, id]) => [key, { id }]))
  for (const draft of drafts) {
    const keys = keysOf(draft).map(keyText)
    if (keys.some((key) => shunned.has(key))) {
      plan.skipped += 1
      continue
    }
    const found = way === 'create' ? undefined : keys.map((key) => targets.get(key)).find((target) => target !== undefined)
    const target: Target = found ?? { at: plan.creates.length }
    for (const key of keys) if (!targets.has(key)) targets.set(key, target)
    if (found === undefined) plan.creates.push(draft)
    else if (way === 'skip' || way === 'create') plan.skipped += 1
    else if ('id' in found) plan.changes.set(found.id, [...(plan.changes.get(found.id) ?? []), draft])
    else {
      plan.creates[found.at] = fold(plan.creates[found.at]!, draft, way, notesMax)
      plan.folded += 1
    }
  }
  return plan
}
