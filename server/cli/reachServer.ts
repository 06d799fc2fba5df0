import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { localSocketPath } from '../localSocket.ts'
import { Refusal } from './refusal.ts'
import { type Client, socketClient } from './socketClient.ts'

/** Longest start, in milliseconds: a database that recovers from a power cut replays its log first. */
const startLimit = 120_000

const answers = async (client: Client): Promise<boolean> =>
  client.send('GET', '/livez').then(
    ({ status }) => status === 200,
    () => false,
  )

/**
 * Returns a client of the data folder's server: the running one, or one started for this verb without a TCP port, which `leave` ends again.
 * Throws `Refusal` when it cannot be started; it has said why on stderr.
 */
export const reachServer = async (dataDir: string): Promise<{ client: Client; leave: () => Promise<void> }> => {
  const client = socketClient(localSocketPath(dataDir))
  if (await answers(client)) return { client, leave: client.signOut }
  // The launcher hands it to the service account when this is root.
  const launcher = join(import.meta.dirname, '..', '..', 'bin', 'start.mjs')
  const child = spawn(process.execPath, [launcher, 'serve', '--no-listen', '--data', dataDir], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = once(child, 'exit')
  const deadline = Date.now() + startLimit
  while (!(await answers(client))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Refusal('server_not_started')
    if (Date.now() > deadline) {
      child.kill('SIGTERM')
      throw new Refusal('server_not_started', { problem: 'too_slow' })
    }
    await sleep(50)
  }
  const leave = async (): Promise<void> => {
    await client.signOut()
    child.kill('SIGTERM')
    await ended
  }
  return { client, leave }
}

/** Waits until the server is ready to serve customers. Throws `Refusal` when it needs setup or unsealing, or is not ready in time. */
export const untilReady = async (client: Client): Promise<void> => {
  const deadline = Date.now() + startLimit
  for (;;) {
    const { status, body } = await client.send('GET', '/readyz')
    if (status === 200) return
    const reasons = ((body as { reasons?: { reason: string }[] } | null)?.reasons ?? []).map(({ reason }) => reason)
    if (reasons.includes('setup')) throw new Refusal('setup_required')
    if (reasons.includes('sealed')) throw new Refusal('sealed')
    if (Date.now() > deadline) throw new Refusal('not_ready', { reasons })
    await sleep(50)
  }
}
