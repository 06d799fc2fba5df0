import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Api, apiClient } from '../support/api.ts'
import { type Random, seedRandom } from '../support/random.ts'
import { ownerAccount, type RunningServer, setUp, startServer, untilReady } from '../support/server.ts'
import { examineDatabase } from './examineDatabase.ts'
import { openLedger } from './ledger.ts'
import { killProduct } from './processes.ts'

/** A product that is killed again and again, and what says how often. */
export type KilledHouse = {
  readonly data: string
  readonly random: Random
  readonly kills: () => number
  /** Signs in anew as the owner. */
  readonly signedIn: () => Promise<Api>
  /** Kills the server, the database or both, starts again, and signs in. */
  readonly killAndStart: () => Promise<Api>
  /** What the database itself has to complain of: gaps in the order, records without an entry. */
  readonly complaints: () => Promise<string[]>
}

const victims = [['server'], ['database'], ['server', 'database']] as const

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Sets a product up in a folder of its own, lets `work` hurt it, and takes everything away. */
export const withKilledHouse = async <T>(seed: number, work: (house: KilledHouse) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'anechoic-killed-'))
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'outside'))
  const ledger = openLedger(join(folder, 'outside', 'acknowledged.jsonl'))
  const data = join(folder, 'data')
  const random = seedRandom(seed)
  let kills = 0
  let server: RunningServer = await startServer({ data, limitMs: 180_000 })
  const signedIn = async (): Promise<Api> => {
    const api = apiClient(server.url)
    await api.signIn(ownerAccount.login, ownerAccount.password)
    return api
  }
  const killAndStart = async (): Promise<Api> => {
    await killProduct(data, server, victims[random.below(victims.length)]!)
    kills += 1
    server = await startServer({ data, limitMs: 180_000 })
    await untilReady(server.url)
    return signedIn()
  }
  const complaints = async (): Promise<string[]> => {
    await pause(600) // reads get their place in the order a little later
    return (await examineDatabase(data, ledger)).problems
  }
  try {
    await setUp(server)
    return await work({ data, random, kills: () => kills, signedIn, killAndStart, complaints })
  } finally {
    await server.stop().catch(() => null)
    ledger.close()
    await rm(folder, { recursive: true, force: true })
  }
}
