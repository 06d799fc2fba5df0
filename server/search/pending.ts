import { AppError } from '../../domain/errors.ts'

type Waiter = { resolve: (value: unknown) => void; reject: (error: Error) => void; timer: NodeJS.Timeout }

/** Questions sent to the worker and not yet answered. */
export type Pending = {
  /** Sends a question under a new id and resolves with its answer; rejects with `late()` after `ms`, with AppError('busy') when too many wait. */
  add<T>(ms: number, late: () => Error, send: (id: number) => void): Promise<T>
  resolve(id: number, value: unknown): void
  reject(id: number, error: Error): void
  rejectAll(error: Error): void
  size(): number
}

/** Returns an empty set of at most `most` questions. */
export function createPending(most: number): Pending {
  const waiters = new Map<number, Waiter>()
  let last = 0
  const settle = (id: number, act: (waiter: Waiter) => void): void => {
    const waiter = waiters.get(id)
    if (!waiter) return
    waiters.delete(id)
    clearTimeout(waiter.timer)
    act(waiter)
  }
  const reject = (id: number, error: Error): void => settle(id, (waiter) => waiter.reject(error))
  return {
    add: <T>(ms: number, late: () => Error, send: (id: number) => void) =>
      new Promise<T>((resolve, refuse) => {
        if (waiters.size >= most) return refuse(new AppError('busy', { waiting: waiters.size }))
        const id = ++last
        waiters.set(id, { resolve: resolve as (value: unknown) => void, reject: refuse, timer: setTimeout(() => reject(id, late()), ms) })
        send(id)
      }),
    resolve: (id, value) => settle(id, (waiter) => waiter.resolve(value)),
    reject,
    rejectAll(error) {
      for (const id of waiters.keys()) reject(id, error)
    },
    size: () => waiters.size,
  }
}
