import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Piece } from './piece.ts'
import { writeBackup } from './writeBackup.ts'

/** Writes a backup that never ends into the folder it is told, so that a test can kill it in the middle. */
async function* endless(): AsyncGenerator<Piece> {
  for (;;) {
    yield { file: 'data.age', bytes: randomBytes(65_536) }
    process.stdout.write('.')
    await sleep(5)
  }
}

await writeBackup(process.argv[2]!, endless())
