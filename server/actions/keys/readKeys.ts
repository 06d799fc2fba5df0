import { describeKit } from './describeKit.ts'
import { countKeys } from '../../store/keyFacts.ts'
import { isUnderWay } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'

export type KeysStatus = {
  provider: { kind: string; state: string }
  suite: number
  epochs: { epoch: number; createdAt: string; state: string; current: boolean; subjects: number }[]
  indexGeneration: number
  indexGenerations: number[]
  erased: number
  kit: { kitId: string; recipient: string; shares: number | null; threshold: number | null; provenAt: string | null } | null
  rotating: boolean
}

/** Returns how keys and recovery stand: never a key. */
export const readKeys = async ({ keyring, pool, broker }: Pick<Parts, 'keyring' | 'pool' | 'broker'>): Promise<KeysStatus> => {
  await keyring.reloadIfChanged()
  const [{ epochs: counts, erased }, rotating, kit] = await Promise.all([
    countKeys(pool),
    isUnderWay(pool, 'rotateEpoch'),
    describeKit(pool, keyring),
  ])
  const current = keyring.currentEpoch()
  return {
    provider: { kind: keyring.providerKind, state: 'open' },
    suite: broker.suite(),
    epochs: keyring.epochs().map(({ epoch, createdAt, destroyedAt }) => ({
      epoch,
      createdAt,
      state: destroyedAt !== null ? 'destroyed' : epoch === current ? 'current' : 'retiring',
      current: epoch === current,
      subjects: counts.find((count) => count.epoch === epoch)?.subjects ?? 0,
    })),
    indexGeneration: keyring.currentIndexGeneration(),
    indexGenerations: keyring.indexGenerations(),
    erased,
    kit,
    rotating,
  }
}
