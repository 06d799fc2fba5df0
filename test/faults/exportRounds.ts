import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import { defaultLimits } from '../../domain/export/limits.ts'
import { type Api, apiClient } from '../support/api.ts'
import { seedRandom } from '../support/random.ts'
import { ownerAccount, type RunningServer, setUp, startServer, untilReady } from '../support/server.ts'
import { killProduct } from './processes.ts'
import { runByHand } from './runByHand.ts'

/** What the rounds came to. `amid`: kills while the file was provably being made. `problems` is empty when every file was whole and on record once. */
export type ExportReport = { rounds: number; seed: number; kills: number; amid: number; rows: number; problems: string[] }

type Export = { state: string; done: number; rows: number; exported: number; problem: string | null }

const people = 1_500
const victims = [['server'], ['database'], ['server', 'database']] as const
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const signedIn = async (url: string): Promise<Api> => {
  const api = apiClient(url)
  await api.signIn(ownerAccount.login, ownerAccount.password)
  return api
}

const populate = async (api: Api): Promise<void> => {
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  for (let from = 0; from < people; from += 500) {
    const items = Array.from({ length: 500 }, (_, i) => ({ name: `p${from + i}`, kind: 'household', storeId: store!.id }))
    await api.call('POST', '/api/customers/batch', { items })
  }
  await api.call('PUT', '/api/exports/limits', {
    ...defaultLimits,
    threshold: people,
    filesPerDay: 1_000,
    rowsPerDayOf: { owner: 1_000_000 },
  })
}

type House = { data: string; server: RunningServer; random: ReturnType<typeof seedRandom>; report: ExportReport }

const begun = async (house: House): Promise<Api> => {
  house.server = await startServer({ data: house.data, limitMs: 180_000 })
  await untilReady(house.server.url)
  return signedIn(house.server.url)
}

const ended = async (api: Api, id: string): Promise<Export> => {
  for (let i = 0; i < 1_200; i += 1) {
    const one = await api.call<Export>('GET', `/api/exports/${id}`)
    if (!['queued', 'running'].includes(one.state)) return one
    await pause(50)
  }
  throw new Error('the export did not end')
}

/** What is wrong with the export, as sentences: everybody is in the file once, and the log has one entry of it. */
const compare = async (api: Api, id: string, of: Export): Promise<string[]> => {
  if (of.state !== 'ready' || of.exported !== people) return [`ended as ${JSON.stringify(of)}`]
  const { passphrase } = await api.call<{ passphrase: string }>('POST', `/api/exports/${id}/passphrase`)
  const age = new Decrypter()
  age.addPassphrase(passphrase)
  const text = await age.decrypt(await api.bytes(`/api/exports/${id}/file`), 'text')
  const rows: string[][] = parse(text, { bom: true })
  const names = new Set(rows.slice(1).map(([name]) => name))
  const { items } = await api.call<{ items: { note: string | null; count: number }[] }>('GET', '/api/audit?action=export')
  const entries = items.filter(({ note }) => note === id)
  return [
    ...(rows.length === people + 1 && names.size === people ? [] : [`the file has ${rows.length - 1} rows, ${names.size} names`]),
    ...(entries.length === 1 && entries[0]!.count === people ? [] : [`the log has ${entries.length} entries of it`]),
  ]
}

const oneRound = async (house: House): Promise<string[]> => {
  let api = await signedIn(house.server.url)
  const asked = { entity: 'customer', select: { query: '' }, fields: ['name'], format: 'csv', purpose: 'migration', language: 'en' }
  const { exportId } = await api.call<{ exportId: string }>('POST', '/api/exports', asked)
  for (let kills = 1 + house.random.below(2); kills > 0; kills -= 1) {
    await pause(house.random.below(2_500))
    const before = await api.call<Export>('GET', `/api/exports/${exportId}`).catch(() => null)
    if (before?.state === 'running') house.report.amid += 1
    await killProduct(house.data, house.server, victims[house.random.below(victims.length)]!)
    house.report.kills += 1
    api = await begun(house)
  }
  const of = await ended(api, exportId)
  house.report.rows += of.exported
  return compare(api, exportId, of)
}

/** Exports 1,500 customers `rounds` times while the server, the database or both are killed once or twice. */
export const exportRounds = async (rounds: number, seed: number, say: (line: string) => void = () => {}): Promise<ExportReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'anechoic-exports-'))
  await chmod(folder, 0o755)
  const report: ExportReport = { rounds, seed, kills: 0, amid: 0, rows: 0, problems: [] }
  const data = join(folder, 'data')
  const house: House = { data, server: await startServer({ data }), random: seedRandom(seed), report }
  try {
    await setUp(house.server)
    await populate(await signedIn(house.server.url))
    for (let round = 0; round < rounds; round += 1) {
      report.problems.push(...(await oneRound(house)).map((problem) => `round ${round}: ${problem}`))
      say(`round ${round}: ${report.kills} kills, ${report.amid} amid an export, ${report.problems.length} problems`)
    }
    return report
  } finally {
    await house.server.stop().catch(() => null)
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await runByHand(exportRounds)
