import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root, setUp, startServer, untilReady } from '../test/support/server.ts'
import { loadCustomers } from './loadCustomers.ts'
import { memoryOf } from './resources.ts'
import { round } from './statistics.ts'

// node bench/backup.ts --customers 100000: seconds, megabytes a second and peak memory of taking a backup and of restoring it.

const { values } = parseArgs({ options: { customers: { type: 'string', default: '100000' } } })
const customers = Number(values.customers)
const folder = mkdtempSync('/tmp/anechoic-bench-backup-')
chmodSync(folder, 0o755)
const [data, again, backups, kit] = ['data', 'again', 'backups', 'kit'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
  string,
]

const pidIn = (dataDir: string): number => {
  try {
    return (JSON.parse(readFileSync(join(dataDir, 'instance.json'), 'utf8')) as { pid: number }).pid
  } catch {
    return -1
  }
}

/** Runs a verb of the command line; returns what it printed, its seconds, and the peak memory (MB) of itself and of the server of `dataDir`. */
const timed = async (
  dataDir: string,
  ...argv: string[]
): Promise<{ value: Record<string, number>; seconds: number; cliMB: number; serverMB: number }> => {
  const began = performance.now()
  const child = spawn(process.execPath, [join(root, 'server/cli/main.ts'), ...argv, '--data', dataDir, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let [text, cliMB, serverMB] = ['', 0, 0]
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  const look = setInterval(() => {
    cliMB = Math.max(cliMB, memoryOf(child.pid ?? -1).peak || 0)
    serverMB = Math.max(serverMB, memoryOf(pidIn(dataDir)).peak || 0)
  }, 50)
  await once(child, 'close')
  clearInterval(look)
  return { value: JSON.parse(text) as Record<string, number>, seconds: round((performance.now() - began) / 1000, 1), cliMB, serverMB }
}

try {
  let server = await startServer({ data, limitMs: 120_000 })
  const { owner, shares } = await setUp(server)
  mkdirSync(kit)
  for (const [i, share] of shares.entries()) writeFileSync(join(kit, `share-${i + 1}.txt`), `${share}\n`)
  const { actor } = await owner.call<{ actor: { staffId: string } }>('GET', '/api/session')
  await server.stop()
  await loadCustomers({ data, customers, ownerId: actor.staffId, known: 10, say: (text) => process.stderr.write(`${text}\n`) })
  server = await startServer({ data, limitMs: 120_000 })
  await untilReady(server.url, 300_000)
  const before = memoryOf(pidIn(data))
  const created = await timed(data, 'backup', 'create', '--to', backups)
  await server.stop()
  const restored = await timed(again, 'restore', '--from', backups, '--kit-dir', kit)
  const bytes = created.value['bytes'] ?? 0
  const perSecond = (seconds: number): number => round(bytes / 1e6 / seconds, 1)
  process.stdout.write(
    `${JSON.stringify({
      customers,
      rows: created.value['rows'],
      backupMB: round(bytes / 1e6, 1),
      keysMB: round(statSync(join(String(created.value['folder']), 'keys.age')).size / 1e6, 1),
      create: {
        seconds: created.seconds,
        MBps: perSecond(created.seconds),
        cliMB: created.cliMB,
        serverPeakBeforeMB: before.peak,
        serverPeakMB: created.serverMB,
      },
      restore: {
        seconds: restored.seconds,
        MBps: perSecond(restored.seconds),
        cliMB: restored.cliMB,
        serverMB: restored.serverMB,
        customers: restored.value['customers'],
      },
    })}\n`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
