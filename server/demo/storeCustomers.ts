import type { EntityName } from '../../domain/catalogue/all.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { decide } from '../../domain/policy/decide.ts'
import type { Parts } from '../actions/parts.ts'
import type { InputOf, ScopeOf, Transaction } from '../store/records.ts'
import type { Draft } from './makeCustomers.ts'
import type { Member } from './makeStaff.ts'

type Dealer = {
  readonly drafts: readonly Draft[]
  readonly members: readonly Member[]
  /** In the order of the members. */
  readonly actors: readonly Actor[]
  readonly storeIds: readonly string[]
  readonly onProgress: (done: number) => void
}

/** Groups that are written at once: the pool of connections serves others too. */
const atOnce = 3

const instant = (at: number): string => new Date(at).toISOString()
const scopeFor = <N extends EntityName>(actor: Actor, entity: N): ScopeOf<N> => ({ ...decide(actor, entity), entity }) as ScopeOf<N>

/** How many recommendations lie before a customer: who recommends is stored first. */
const depthsOf = (drafts: readonly Draft[]): number[] => {
  const depths: number[] = []
  // Who recommends came earlier, and so stands earlier.
  for (const { referrer } of drafts) depths.push(referrer === null ? 0 : depths[referrer]! + 1)
  return depths
}

/**
 * Stores the customers with all that hangs below them, each by whoever owns it, those in the pool by the manager of their shop; then puts some into the
 * trash. Returns their ids, in the order of the drafts.
 */
export const storeCustomers = async ({ records }: Pick<Parts, 'records'>, dealer: Dealer): Promise<string[]> => {
  const { drafts, members, actors, storeIds, onProgress } = dealer
  const managerOf = (store: number): number => members.findIndex((member) => member.role === 'storeManager' && member.store === store)
  const ids: string[] = []
  let done = 0

  const writeBelow = async (tx: Transaction, actor: Actor, places: readonly number[]): Promise<void> => {
    const all = places.map((place) => ({ ...drafts[place]!, id: ids[place]!, staffId: actors[drafts[place]!.by]!.staffId }))
    const contacts = all.flatMap(({ id, contacts: people }) =>
      people.map((one): InputOf<'contact'> => ({ ...one, customerId: id, notes: null })),
    )
    const consents = all.flatMap(({ id, staffId, consents: said }) =>
      said.map(({ at, ...one }): InputOf<'consent'> => ({ ...one, customerId: id, staffId, happenedAt: instant(at) })),
    )
    const talks = all.flatMap(({ id, staffId, timeline }) =>
      timeline.map(({ at, ...one }): InputOf<'interaction'> => ({ ...one, customerId: id, staffId, happenedAt: instant(at) })),
    )
    const starts = all.flatMap(({ start, contacts: people }) => people.map(() => instant(start)))
    if (contacts.length > 0) await tx.createMany(scopeFor(actor, 'contact'), contacts, starts)
    const datesOf = (list: readonly { happenedAt: string }[]): string[] => list.map(({ happenedAt }) => happenedAt)
    if (consents.length > 0) await tx.createMany(scopeFor(actor, 'consent'), consents, datesOf(consents))
    if (talks.length > 0) await tx.createMany(scopeFor(actor, 'interaction'), talks, datesOf(talks))
  }

  const write = async (writer: number, places: readonly number[]): Promise<void> => {
    const actor = actors[writer]!
    const inputs = places.map((place) => {
      const { fields, store, owner, referrer } = drafts[place]!
      const ownerId = owner === null ? null : actors[owner]!.staffId
      return { ...fields, storeId: storeIds[store]!, ownerId, referrerId: referrer === null ? null : ids[referrer]! } as InputOf<'customer'>
    })
    const starts = places.map((place) => instant(drafts[place]!.start))
    await records.transaction(actor, async (tx) => {
      const rows = await tx.createMany(scopeFor(actor, 'customer'), inputs, starts)
      rows.forEach(({ id }, i) => (ids[places[i]!] = id))
      await writeBelow(tx, actor, places)
    })
    onProgress((done += places.length))
  }

  const depths = depthsOf(drafts)
  for (let depth = 0; depth <= Math.max(...depths); depth += 1) {
    const groups = new Map<number, number[]>()
    drafts.forEach(({ owner, store }, place) => {
      if (depths[place] !== depth) return
      const writer = owner ?? managerOf(store)
      groups.set(writer, [...(groups.get(writer) ?? []), place])
    })
    const waiting = [...groups]
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await write(...next)
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
  }
  for (const [store] of storeIds.entries()) {
    const manager = actors[managerOf(store)]!
    const unwanted = drafts.flatMap((draft, place) => (draft.isTrashed && draft.store === store ? [ids[place]!] : []))
    if (unwanted.length === 0) continue
    await records.transaction(manager, async (tx) => {
      for (const id of unwanted) await tx.trash(scopeFor(manager, 'customer'), id, 1)
    })
  }
  return ids
}
