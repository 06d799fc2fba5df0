import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { expect, test } from 'vitest'

/** As the launcher starts the server: a pipe at descriptor 3, whose end is the server's end. */
const script = `
  import { fstatSync } from 'node:fs'
  import { setTimeout } from 'node:timers/promises'
  import { lockFile } from ${JSON.stringify(new URL('./lockFile.ts', import.meta.url).href)}
  for (let n = 0; n < 2; n += 1) await lockFile('password', new Uint8Array([80, 75]), 'AAAA-BBBB')
  await setTimeout(500)
  fstatSync(3)
  console.log('still following')
  process.exit(0)`

test('closing a file in a thread leaves the process the pipe of its launcher', async () => {
  const follow = new URL('../../bin/followLauncher.mjs', import.meta.url).href
  const args = ['--import', follow, '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  const [printed, complained] = await Promise.all([text(child.stdout as Readable), text(child.stderr as Readable), once(child, 'exit')])
  expect(`${printed}${complained}`).toContain('still following')
}, 60_000)
