import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../domain/errors.ts'
import type { ParseEvent, ParseFailure, ParseJob } from './events.ts'
import { parserFlags } from './parserFlags.ts'
import { readFrames } from './readFrames.ts'
import { watchParser, type ParserBounds } from './watchParser.ts'

const bounds: ParserBounds & { heapMb: number } = { stuckMs: 30_000, workMs: 900_000, residentMb: 512, heapMb: 192 }

export type ParseRequest = ParseJob & { bytes: AsyncIterable<Uint8Array>; signal?: AbortSignal }
/** For tests: another child program, tighter bounds. */
export type ParserSetup = Partial<typeof bounds> & { entry?: string }

/**
 * Yields what a foreign file holds, batch by batch, parsed in a child process without keys, network or files; rows never touch the
 * disk, and the child waits while a batch is being worked on. Throws AppError `file_unreadable` (`reason`, `line`), `file_encoding`
 * (`encoding`, `line`), `parser_failed` (`reason`: crashed, stuck, too_long, memory, protocol), what `bytes` throws, or the signal's
 * reason. Leaving the loop early ends the child.
 */
export async function* parseFile(request: ParseRequest, setup: ParserSetup = {}): AsyncGenerator<ParseEvent> {
  const { bytes, signal } = request
  signal?.throwIfAborted()
  const set = { ...bounds, ...setup }
  const child = startChild(
    { kind: request.kind, options: request.options },
    set.heapMb,
    setup.entry ?? fileURLToPath(new URL('child/main.ts', import.meta.url)),
  )
  const exited = once(child, 'exit').catch(() => [null, null])
  const watch = watchParser(child, set)
  const abort = () => void child.kill('SIGKILL')
  signal?.addEventListener('abort', abort, { once: true })
  let sourceError: { error: unknown } | null = null
  const fed = feed(child, bytes, watch).catch((error: unknown) => {
    sourceError = { error }
    child.kill('SIGKILL')
  })
  let finished = false
  try {
    const frames = readFrames(child.stdout as AsyncIterable<Buffer>)
    for (;;) {
      watch.state.awaitingOutput = true
      const next = await frames.next()
      watch.state.awaitingOutput = false
      watch.progress()
      if (next.done) break
      if (next.value.type === 'failed') throw toError(next.value)
      finished = next.value.type === 'end'
      yield next.value
      if (finished) return
    }
    const [code, killedBy] = (await exited) as [number | null, string | null]
    signal?.throwIfAborted()
    if (sourceError) throw (sourceError as { error: unknown }).error
    // V8 aborts when its heap is full; nothing else in the child does.
    throw new AppError('parser_failed', { reason: watch.reason() ?? (killedBy === 'SIGABRT' || code === 134 ? 'memory' : 'crashed') })
  } finally {
    watch.stop()
    signal?.removeEventListener('abort', abort)
    child.kill('SIGKILL')
    await Promise.all([exited, fed])
  }
}

function startChild(
  job: ParseJob,
  heapMb: number,
  entry: string,
): ChildProcess & { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream } {
  const child = spawn(process.execPath, [...parserFlags(heapMb), entry, JSON.stringify(job)], {
    // Standard error is dropped: a crash message may quote a cell.
    stdio: ['pipe', 'pipe', 'ignore'],
    // Nothing of our environment: no keys, no NODE_OPTIONS. Windows does not start a process without its root.
    env: process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : {},
    cwd: '/',
    windowsHide: true,
  })
  // A child that ends early closes the pipe under our hands; its exit tells why.
  child.stdin.on('error', () => {})
  return child
}

async function feed(child: ChildProcess, bytes: AsyncIterable<Uint8Array>, watch: ReturnType<typeof watchParser>): Promise<void> {
  const input = child.stdin
  if (!input) return
  const gone = new Promise<'gone'>((resolve) => void child.once('exit', () => resolve('gone')))
  const source = bytes[Symbol.asyncIterator]()
  try {
    for (;;) {
      watch.state.awaitingSource = true
      const next = await Promise.race([source.next(), gone])
      watch.state.awaitingSource = false
      if (next === 'gone' || next.done) break
      watch.progress()
      if (input.destroyed) break
      if (!input.write(next.value)) await Promise.race([once(input, 'drain').catch(() => 'gone'), gone])
    }
  } finally {
    input.end()
    // Not awaited: a source that hangs must not keep the caller.
    void source.return?.()?.catch(() => {})
  }
}

function toError(failure: ParseFailure): AppError {
  if (failure.code === 'file_encoding') return new AppError('file_encoding', { encoding: failure.encoding, line: failure.line })
  return new AppError('file_unreadable', { reason: failure.reason, line: failure.line })
}
