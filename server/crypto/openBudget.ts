import { AppError } from '../../domain/errors.ts'

const HOUR_MS = 3_600_000
const ACTORS_BEFORE_SWEEP = 1_000

/** Counts how many different people's records an actor opened in the last hour. */
export type OpenBudget = {
  /**
   * Counts `subjects` for the actor, all or none. Throws AppError('open_budget',
   * { limit, opened, asked }) if more than `perHour` were open then.
   */
  charge(actorId: string, subjects: readonly number[], perHour: number): void
  /** Different subjects the actor opened within the last hour. */
  opened(actorId: string): number
}

/**
 * Returns a budget counter in memory, for one process (a node of its own each: docs/crypto.md, limits).
 * `now` gives milliseconds that never go back, so that a clock set forward or back gives no new budget.
 */
export function createOpenBudget(now: () => number = () => performance.now()): OpenBudget {
  // Per actor: subject -> last opened, in the order of that time, so that the expired stand in front.
  const actors = new Map<string, Map<number, number>>()

  const expire = (opened: Map<number, number>, before: number) => {
    for (const [subject, at] of opened) {
      if (at > before) break
      opened.delete(subject)
    }
  }

  const sweep = (before: number) => {
    for (const [id, opened] of actors) {
      expire(opened, before)
      if (opened.size === 0) actors.delete(id)
    }
  }

  return {
    charge(actorId, subjects, perHour) {
      const time = now()
      let opened = actors.get(actorId)
      if (opened) expire(opened, time - HOUR_MS)
      const fresh = new Set<number>()
      for (const subject of subjects) if (!opened?.has(subject)) fresh.add(subject)
      const size = opened?.size ?? 0
      if (size + fresh.size > perHour) throw new AppError('open_budget', { limit: perHour, opened: size, asked: fresh.size })
      if (!opened) {
        if (actors.size >= ACTORS_BEFORE_SWEEP) sweep(time - HOUR_MS)
        actors.set(actorId, (opened = new Map()))
      }
      for (const subject of subjects) {
        // Deleted first: setting alone would keep the old place in the order.
        opened.delete(subject)
        opened.set(subject, time)
      }
    },
    opened(actorId) {
      const opened = actors.get(actorId)
      if (opened) expire(opened, now() - HOUR_MS)
      return opened?.size ?? 0
    },
  }
}
