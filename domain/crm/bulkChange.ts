import type { RuleRow } from '../policy/predicate.ts'

/** What may be done with many customers at once. `pool`: they get no owner, and whoever works in their store may take them. */
export const bulkKinds = ['tag', 'untag', 'owner', 'pool', 'store', 'trash', 'restore'] as const
export type BulkKind = (typeof bulkKinds)[number]

/** One change for many customers. `value`: the tag, or the id of the new owner or store; null for the other kinds. */
export type BulkChange = { readonly kind: BulkKind; readonly value: string | null }

/** What is known of a customer when the change is judged. `tags` are absent where they were not opened. */
export type BulkRow = RuleRow & { readonly trashedAt: string | null; readonly tags?: readonly string[] | null }

type Context = {
  /** Whether the actor sees the customer's tags. Where not, nothing must tell whether the tag was there: it is written in any case. */
  readonly seesTags: (row: BulkRow) => boolean
  /** Whether a customer under this rule may have the owner it names: nobody gets a customer they could not see. */
  readonly mayOwn: (rule: RuleRow) => boolean
}

/** Fields that get other values, a move, or why the customer stays as it is. */
export type BulkVerdict =
  | { readonly patch: { readonly tags?: readonly string[]; readonly ownerId?: string | null; readonly storeId?: string } }
  | { readonly move: 'trash' | 'restore' }
  | { readonly keep: 'unchanged' | 'in_trash' | 'merged_away' | 'owner_elsewhere' }

const unchanged = { keep: 'unchanged' } as const

const tagged = (change: BulkChange, row: BulkRow, { seesTags }: Context): BulkVerdict => {
  const tag = change.value!
  const tags = row.tags ?? []
  const there = tags.includes(tag)
  if (row.tags && there === (change.kind === 'tag') && seesTags(row)) return unchanged
  if (change.kind === 'untag') return { patch: { tags: tags.filter((one) => one !== tag) } }
  return { patch: { tags: there ? tags : [...tags, tag] } }
}

// An owner who does not work in the new store would lose sight of the customer without anybody noticing: there it lies in the pool of that store.
const moved = (storeId: string, row: BulkRow, { mayOwn }: Context): BulkVerdict => {
  if (row.storeId === storeId) return unchanged
  const follows = mayOwn({ storeId, ownerId: row.ownerId ?? null })
  return { patch: follows ? { storeId } : { storeId, ownerId: null } }
}

/** Returns what becomes of one customer. Whether the actor may do it is for policy, afterwards. Pure: the preview asks the same as the job. */
export const judgeBulk = (change: BulkChange, row: BulkRow, context: Context): BulkVerdict => {
  const { kind, value } = change
  const trashed = row.trashedAt !== null
  if (kind === 'trash' || kind === 'restore') return trashed === (kind === 'trash') ? unchanged : { move: kind }
  if (trashed) return { keep: 'in_trash' }
  switch (kind) {
    case 'tag':
    case 'untag':
      return tagged(change, row, context)
    case 'owner':
      if (row.ownerId === value) return unchanged
      return context.mayOwn({ storeId: row.storeId ?? null, ownerId: value }) ? { patch: { ownerId: value } } : { keep: 'owner_elsewhere' }
    case 'pool':
      return row.ownerId == null ? unchanged : { patch: { ownerId: null } }
    case 'store':
      return moved(value!, row, context)
  }
}
