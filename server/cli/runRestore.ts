import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, type ErrorCode, type ErrorDetails } from '../../domain/errors.ts'
import type { RestoreAnswer, RestoreHead } from '../backup/restoreHead.ts'
import type { Restored } from '../backup/restoreBackup.ts'
import { type Arguments, placesOf } from './arguments.ts'
import { Refusal } from './refusal.ts'

async function* inputOf(head: RestoreHead, files: readonly Readable[]): AsyncGenerator<Buffer> {
  yield Buffer.from(`${JSON.stringify(head)}\n`)
  for (const file of files) yield* file as AsyncIterable<Buffer>
}

/**
 * Starts the server to restore what goes through its standard input: the launcher hands it to the service account when this is root, which may read
 * neither the backup nor the kit. Returns what it restored. Throws the server's refusal as it was, `Refusal` when it said nothing.
 */
export const runRestore = async (given: Arguments, head: RestoreHead, files: readonly Readable[]): Promise<Restored> => {
  const launcher = join(import.meta.dirname, '..', '..', 'bin', 'start.mjs')
  const child = spawn(process.execPath, [launcher, 'serve', '--no-listen', '--restore', ...placesOf(given)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'close')
  // A server that refuses stops reading: its answer says why, not the broken pipe.
  await pipeline(Readable.from(inputOf(head, files), { objectMode: false }), child.stdin).catch(() => {})
  await ended
  const line = said.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Refusal('server_not_started')
  const answer = JSON.parse(line) as RestoreAnswer
  if ('restored' in answer) return answer.restored
  throw new AppError(answer.error.code as ErrorCode, answer.error.details as ErrorDetails)
}
