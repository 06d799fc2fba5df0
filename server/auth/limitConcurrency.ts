import { AppError } from '../../domain/errors.ts'

/**
 * Returns a runner that lets at most `running` works run at once and `waiting` more wait their turn; beyond that it throws `busy`.
 * One argon2id takes 19 MiB and a thread of the pool, so a flood of sign-ins must neither fill the memory nor starve the file system calls.
 */
export const limitConcurrency = (running: number, waiting: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let active = 0
  const queue: (() => void)[] = []
  const next = (): void => {
    const start = queue.shift()
    if (start) start()
    else active -= 1
  }
  return async (work) => {
    if (active >= running) {
      if (queue.length >= waiting) throw new AppError('busy', { retryAfter: 2 })
      await new Promise<void>((resolve) => queue.push(resolve))
    } else active += 1
    try {
      return await work()
    } finally {
      next()
    }
  }
}
