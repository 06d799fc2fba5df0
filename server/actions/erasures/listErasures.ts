import type { Ground } from '../../../domain/privacy/grounds.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type ErasureState, erasureState, expectedCompletion } from '../../../domain/privacy/erasureState.ts'
import { findErasures } from '../../audit/erasures.ts'
import type { Parts } from '../parts.ts'
import { epochEnd, groundOf, staffNames } from './certificate.ts'

export type ErasureLine = {
  subject: number
  entity: string
  erasedAt: string
  completeBy: string
  state: ErasureState
  epoch: number | null
  ground: Ground
  staffId: string | null
  staffName: string | null
  index: number | null
  counts: { entity: string; count: number }[]
}

const shown = 50

/** Returns a page of the register of erasures, newest first, for those with the duty to read the log; the reading is an entry itself, written first. */
export const listErasures = async (
  parts: Pick<Parts, 'pool' | 'audit' | 'keyring' | 'records'>,
  actor: Actor,
  before: number | undefined,
): Promise<{ items: ErasureLine[]; nextCursor: string | null }> => {
  await parts.audit.append({ actor, action: 'audit_read', entity: 'key', outcome: 'done' })
  await parts.keyring.reloadIfChanged()
  const found = await findErasures(parts.pool, { limit: shown + 1, ...(before === undefined ? {} : { before }) })
  const page = found.slice(0, shown)
  const names = await staffNames(
    parts,
    actor,
    page.map(({ entries }) => entries[0].staffId),
  )
  const now = new Date().toISOString()
  const items = page.map(({ entries, erasedAt, completeBy, keys }): ErasureLine => {
    const [main] = entries
    const epoch = keys.find((key) => key.subject === main.subjects[0])?.epoch ?? null
    const end = epochEnd(parts.keyring, epoch)
    return {
      subject: main.subjects[0] ?? 0,
      entity: main.entity,
      erasedAt,
      completeBy: expectedCompletion(completeBy, end),
      state: erasureState({ erasedAt, completeBy, epochDestroyedAt: end }, now),
      epoch,
      ground: groundOf(main),
      staffId: main.staffId,
      staffName: main.staffId === null ? null : (names.get(main.staffId) ?? null),
      index: main.idx,
      counts: entries.map(({ entity, count }) => ({ entity, count })),
    }
  })
  return { items, nextCursor: found.length > shown ? String(page.at(-1)!.entries[0].entryId) : null }
}
