// The parser child: runs alone under `node --permission`, takes a foreign file on standard input and prints frames, one JSON value per
// line.
import { once } from 'node:events'
import type { ParseEvent, ParseFailure, ParseJob } from '../events.ts'
import { FileFailure } from './fileFailure.ts'

const job = JSON.parse(process.argv[2] ?? '') as ParseJob

async function print(frame: ParseEvent | ParseFailure): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(frame)}\n`)) await once(process.stdout, 'drain')
}

try {
  // Only the reader that is needed is loaded: start-up is most of the time of a small file.
  const read = job.kind === 'csv' ? (await import('./readCsv.ts')).readCsv : (await import('./readVcards.ts')).readVcards
  await read(process.stdin, job.options, print)
} catch (error) {
  if (!(error instanceof FileFailure)) throw error
  await print(error.failure)
}
// The rest of the input, if any, is of no interest: the parent sees the last frame and stops writing.
process.stdin.destroy()
