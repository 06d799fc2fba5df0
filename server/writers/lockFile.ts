import { Worker } from 'node:worker_threads'
import { AppError } from '../../domain/errors.ts'

/** How a file is closed: a workbook's own password, or the age format. */
export type Lock = 'password' | 'age'

/**
 * Returns the file closed by the passphrase, which must be random: a workbook's password is only stretched by 100,000 rounds of SHA-512. In a thread of its
 * own, since stretching takes a second that other requests would wait. Throws `internal` when the thread fails; never anything of the file.
 */
export const lockFile = (lock: Lock, file: Uint8Array<ArrayBuffer>, passphrase: string): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./lockWorker.ts', import.meta.url), {
      workerData: { lock, file, passphrase },
      transferList: [file.buffer],
      // The passphrase is no business of a library's environment. And the thread must not follow the launcher as the process does (bin/followLauncher.mjs):
      // with its end it would close the pipe for the whole process, which then ends, or finds another connection under that number.
      env: {},
      execArgv: [],
    })
    const fail = (problem: string): void => reject(new AppError('internal', { problem }))
    worker.once('message', (locked: Uint8Array | null) => (locked ? resolve(locked) : fail('file not locked')))
    worker.once('error', () => fail('lock worker'))
    worker.once('exit', () => fail('lock worker ended'))
  })
