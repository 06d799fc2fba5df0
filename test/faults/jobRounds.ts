import { mkdir } from 'node:fs/promises'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Api, apiClient } from '../support/api.ts'
import { seedRandom } from '../support/random.ts'
import { ownerAccount, type RunningServer, setUp, startServer, untilReady } from '../support/server.ts'
import { examineDatabase } from './examineDatabase.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { runByHand } from './runByHand.ts'
import { killProduct } from './processes.ts'

/** What the rounds came to. `kills`: how often the product died while a job was to be done. `problems` is empty when nothing was lost or doubled. */
export type JobReport = { rounds: number; seed: number; kills: number; amid: number; edits: number; changes: number; problems: string[] }

type Job = { id: string; state: string; done: number; total: number; problem: string | null; result: Record<string, number> }
type Customer = { id: string; name: string; version: number; tags: string[]; notes: string | null }

const people = 600
const victims = [['server'], ['database'], ['server', 'database']] as const
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const tagsOf = (n: number): string[] => (n % 3 === 0 ? ['old'] : [])

const signedIn = async (url: string): Promise<Api> => {
  const api = apiClient(url)
  await api.signIn(ownerAccount.login, ownerAccount.password)
  return api
}

const populate = async (api: Api, ledger: Ledger): Promise<void> => {
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  for (let from = 0; from < people; from += 200) {
    const items = Array.from({ length: 200 }, (_, i) => ({
      name: `p${from + i}`,
      kind: 'household',
      storeId: store!.id,
      tags: tagsOf(from + i),
    }))
    const made = await api.call<{ items: Customer[] }>('POST', '/api/customers/batch', { items })
    for (const { id, name } of made.items) ledger.acknowledge({ name, id, note: 0 })
  }
}

const readAll = async (api: Api): Promise<Map<string, Customer>> => {
  const all = new Map<string, Customer>()
  for (let page = 1; all.size < people; page += 1) {
    const { items } = await api.call<{ items: Customer[] }>('GET', `/api/customers?sort=createdAt&page=${page}&pageSize=200`)
    if (items.length === 0) break
    for (const one of items) all.set(one.id, one)
  }
  return all
}

/** Edits every tenth customer's notes over and over, while jobs run and the product dies under it; each acknowledgement goes to the ledger. */
const editUntil = async (api: Api, ledger: Ledger, halted: () => boolean): Promise<number> => {
  let edits = 0
  const lines = [...ledger.lines().values()].filter(({ name }) => Number(name.slice(1)) % 10 === 0)
  for (let i = 0; !halted(); i += 1) {
    const line = lines[i % lines.length]!
    const note = (ledger.lines().get(line.name)?.note ?? 0) + 1
    try {
      const { version } = await api.call<Customer>('GET', `/api/customers/${line.id}`)
      const answer = await api.send('PATCH', `/api/customers/${line.id}`, { version, notes: `note ${note}` })
      if (answer.status === 200) {
        ledger.acknowledge({ ...line, note })
        edits += 1
      }
    } catch {
      return edits // the connection was cut: the product is being killed
    }
  }
  return edits
}

type House = { data: string; server: RunningServer; random: ReturnType<typeof seedRandom>; report: JobReport; ledger: Ledger }

const begun = async (house: House): Promise<Api> => {
  house.server = await startServer({ data: house.data, limitMs: 180_000 })
  await untilReady(house.server.url)
  return signedIn(house.server.url)
}

/** Lets a job run to its end while the product is killed again and again, with somebody editing beside it; returns the job as it ended. */
const runThroughKills = async (house: House, id: string): Promise<Job> => {
  let api = await signedIn(house.server.url)
  for (let kills = 1 + house.random.below(2); kills > 0; kills -= 1) {
    let halted = false
    const editing = editUntil(await signedIn(house.server.url), house.ledger, () => halted)
    await pause(house.random.below(900))
    const before = await api.call<Job>('GET', `/api/jobs/${id}`).catch(() => null)
    if (before?.state === 'running' && before.done > 0 && before.done < before.total) house.report.amid += 1
    await killProduct(house.data, house.server, victims[house.random.below(victims.length)]!)
    halted = true
    house.report.edits += await editing
    house.report.kills += 1
    api = await begun(house)
  }
  for (let i = 0; i < 1_200; i += 1) {
    const job = await api.call<Job>('GET', `/api/jobs/${id}`)
    if (!['queued', 'running'].includes(job.state)) return job
    await pause(50)
  }
  throw new Error(`the job did not end: ${JSON.stringify(await api.call('GET', `/api/jobs/${id}`))}`)
}

/** What is wrong with the customers, as sentences: tags as wanted, notes not older than acknowledged, each written as often as it should be. */
const compare = (
  house: House,
  now: Map<string, Customer>,
  before: Map<string, Customer>,
  wanted: (n: number) => string[],
  writes: number,
): string[] => {
  const lines = house.ledger.lines()
  if (now.size !== people) return [`${now.size} customers of ${people}`]
  return [...now.values()].flatMap(({ id, name, version, tags, notes }) => {
    const n = Number(name.slice(1))
    const note = notes === null ? 0 : Number(notes.slice(5))
    const acknowledged = lines.get(name)!.note
    const found: string[] = []
    if (tags.join() !== wanted(n).join()) found.push(`${name} has tags ${tags.join()}, not ${wanted(n).join()}`)
    // An edit that was cut off may have been made all the same.
    if (note < acknowledged || note > acknowledged + 1) found.push(`${name} has note ${note}, acknowledged was ${acknowledged}`)
    const written = version - before.get(id)!.version
    if (n % 10 !== 0 && written !== writes) found.push(`${name} was written ${written} times, not ${writes}`)
    return found
  })
}

const oneRound = async (house: House, round: number): Promise<string[]> => {
  const problems: string[] = []
  const tag = `r${round}`
  let api = await signedIn(house.server.url)
  const before = await readAll(api)
  const ids = [...before.keys()]
  const { jobId } = await api.call<{ jobId: string }>('POST', '/api/customers/bulk', {
    select: { ids },
    change: { kind: 'tag', value: tag },
    dryRun: false,
  })
  const changed = await runThroughKills(house, jobId)
  if (changed.state !== 'done' || changed.result['changed'] !== people) problems.push(`changing: ${JSON.stringify(changed)}`)
  api = await signedIn(house.server.url)
  const between = await readAll(api)
  problems.push(...compare(house, between, before, (n) => [...tagsOf(n), tag], 1))

  // Somebody takes the tag away from a few by hand: these are not the undoing's any more.
  const byHand = [...between.values()].filter(({ name }) => Number(name.slice(1)) % 100 === 1)
  for (const { id, version } of byHand) await api.call('PATCH', `/api/customers/${id}`, { version, tags: ['mine'] })
  const undoing = await api.call<Job>('POST', `/api/jobs/${jobId}/undo`)
  const undone = await runThroughKills(house, undoing.id)
  const [kept, back] = [byHand.length, people - byHand.length]
  if (undone.state !== 'done' || undone.result['undone'] !== back || undone.result['kept'] !== kept)
    problems.push(`undoing: ${JSON.stringify(undone)}`)
  api = await signedIn(house.server.url)
  const after = await readAll(api)
  problems.push(...compare(house, after, before, (n) => (n % 100 === 1 ? ['mine'] : tagsOf(n)), 2))
  for (const { id, name } of byHand)
    await api.call('PATCH', `/api/customers/${id}`, { version: after.get(id)!.version, tags: tagsOf(Number(name.slice(1))) })
  house.report.changes += people * 2
  await pause(600) // reads get their place in the order a little later
  problems.push(...(await examineDatabase(house.data, house.ledger)).problems)
  return problems.map((problem) => `round ${round}: ${problem}`)
}

/**
 * Changes 600 customers at once and undoes it, `rounds` times, killing the server, the database or both once or twice in each, while somebody edits. An
 * external ledger knows what was acknowledged.
 */
export const jobRounds = async (rounds: number, seed: number, say: (line: string) => void = () => {}): Promise<JobReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'anechoic-jobs-'))
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'outside'))
  const ledger = openLedger(join(folder, 'outside', 'acknowledged.jsonl'))
  const report: JobReport = { rounds, seed, kills: 0, amid: 0, edits: 0, changes: 0, problems: [] }
  const house: House = {
    data: join(folder, 'data'),
    server: await startServer({ data: join(folder, 'data') }),
    random: seedRandom(seed),
    report,
    ledger,
  }
  try {
    await setUp(house.server)
    await populate(await signedIn(house.server.url), ledger)
    for (let round = 0; round < rounds; round += 1) {
      report.problems.push(...(await oneRound(house, round)))
      say(`round ${round}: ${report.kills} kills, ${report.amid} amid a job, ${report.edits} edits, ${report.problems.length} problems`)
    }
    return report
  } finally {
    await house.server.stop().catch(() => null)
    ledger.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await runByHand(jobRounds)
