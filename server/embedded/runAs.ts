import { spawn } from 'node:child_process'

/** Whom a child process runs as; left out, it runs as this process does. */
export type RunAs = { uid?: number | undefined; gid?: number | undefined }

type Run = RunAs & { cwd?: string; input?: string }

/** What a finished child left behind: its exit code (-1 when a signal or a failed start ended it) and its messages. */
export type Finished = { code: number; output: string }

/**
 * The environment of every database process: nothing of ours, so no setting or secret of the caller leaks into it; messages in English, for
 * `classifyFailure`.
 */
export const plainEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/**
 * Runs a program to its end with `input` on stdin. Never throws: a program that cannot start ends with code -1. libuv clears supplementary
 * groups when it sets an uid.
 */
export function runAs(file: string, args: string[], { uid, gid, cwd = '/', input = '' }: Run = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd,
      env: plainEnvironment,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    })
    let output = ''
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ code: -1, output: `${output}${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? -1, output }))
    child.stdin.on('error', () => {}) // the child may end without reading; its exit code tells
    child.stdin.end(input)
  })
}
