import type { Api } from '../support/api.ts'
import { type KilledHouse, pause, withKilledHouse } from './killedHouse.ts'
import { runByHand } from './runByHand.ts'

/** What the rounds came to. `amid`: kills while an import or its undoing was half done. `problems` is empty when no row was lost or doubled. */
export type ImportReport = { rounds: number; seed: number; kills: number; amid: number; rows: number; problems: string[] }

type Job = { id: string; state: string; done: number; total: number | null }
type Status = Job & { created: number; updated: number; skipped: number; refused: number }
type Customer = { id: string; name: string; emails: string[] }
/** One row of the list, which lies outside the product: what was to come in, and what somebody known gets. */
type Row = { name: string; phone: string; email: string; known: boolean }

const fresh = 2_000
const known = 300
const moving = (state: string): boolean => state === 'queued' || state === 'running'

const rowsOf = (round: number): Row[] => {
  const one = (n: number, of: number): Omit<Row, 'known'> => ({
    name: `r${of}i${n}`,
    phone: `1381${String(1_234_567 + of * 5_000 + n).padStart(7, '0')}`,
    email: `r${round}n${n}@example.com`,
  })
  // A list that was taken back is known to nobody.
  const before = round % 2 === 0 ? [] : Array.from({ length: known }, (_, n) => ({ ...one(n, round - 1), known: true }))
  return [...Array.from({ length: fresh }, (_, n) => ({ ...one(n, round), known: false })), ...before]
}

const csvOf = (rows: readonly Row[]): Buffer =>
  Buffer.from(`姓名,电话,邮箱\n${rows.map(({ name, phone, email }) => `${name},${phone},${email}`).join('\n')}\n`)

const readAll = async (api: Api, prefix: string): Promise<Customer[]> => {
  const all: Customer[] = []
  for (let page = 1; ; page += 1) {
    const answer = await api.call<{ items: Customer[]; total: number }>(
      'GET',
      `/api/customers?q=${prefix}&sort=createdAt&page=${page}&pageSize=200`,
    )
    all.push(...answer.items)
    if (page * 200 >= answer.total) return all.filter(({ name }) => name.startsWith(prefix))
  }
}

/** Lets work run to its end while the product is killed once or twice. */
const throughKills = async (house: KilledHouse, report: ImportReport, path: string): Promise<Api> => {
  let api = await house.signedIn()
  for (let left = 1 + house.random.below(2); left > 0; left -= 1) {
    await pause(house.random.below(700))
    const at = await api.call<Job>('GET', path).catch(() => null)
    if (at?.state === 'running' && at.done > 0 && at.done < (at.total ?? 0)) report.amid += 1
    api = await house.killAndStart()
  }
  for (let i = 0; i < 2_400; i += 1) {
    if (!moving((await api.call<Job>('GET', path)).state)) return api
    await pause(50)
  }
  throw new Error('the work did not end')
}

const compare = async (api: Api, round: number, rows: readonly Row[], isIn: boolean): Promise<string[]> => {
  const problems: string[] = []
  for (const list of [round, round - 1]) {
    const wanted = rows.filter((row) => row.name.startsWith(`r${list}i`))
    if (wanted.length === 0) continue
    const found = Map.groupBy(await readAll(api, `r${list}i`), ({ name }) => name)
    for (const row of wanted) {
      const held = found.get(row.name) ?? []
      const times = isIn || row.known ? 1 : 0
      if (held.length !== times) problems.push(`${row.name} is there ${held.length} times, not ${times}`)
      else if (times === 1 && held[0]!.emails.includes(row.email) !== isIn) problems.push(`${row.name} has mail ${held[0]!.emails.join()}`)
    }
  }
  return problems
}

const oneRound = async (house: KilledHouse, report: ImportReport, round: number): Promise<string[]> => {
  const rows = rowsOf(round)
  let api = await house.signedIn()
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  const { actor } = await api.call<{ actor: { staffId: string } }>('GET', '/api/session')
  const staged = await api.call<{ id: string; mapping: object }>('POST', '/api/imports?kind=csv', csvOf(rows))
  const start = { mapping: staged.mapping, storeId: store!.id, ownerId: actor.staffId, onDuplicate: 'merge' }
  await api.call('POST', `/api/imports/${staged.id}/start`, start)
  api = await throughKills(house, report, `/api/imports/${staged.id}`)
  const { state, created, updated } = await api.call<Status>('GET', `/api/imports/${staged.id}`)
  const problems = await compare(api, round, rows, true)
  if (state !== 'done' || created !== fresh || updated !== rows.length - fresh)
    problems.push(`importing: ${state}, ${created} created, ${updated} updated`)
  report.rows += rows.length
  // Every second list is taken back; what stays is known to the next.
  if (round % 2 === 1) {
    const undoing = await api.call<Job>('POST', `/api/jobs/${staged.id}/undo`)
    api = await throughKills(house, report, `/api/jobs/${undoing.id}`)
    problems.push(...(await compare(api, round, rows, false)))
  }
  return problems.map((problem) => `round ${round}: ${problem}`)
}

/**
 * Imports lists of new and known people and takes every second one back, `rounds` times, killing the server, the database or both once or twice amid each.
 * The lists lie outside the product and say what must be there, once.
 */
export const importRounds = (rounds: number, seed: number, say: (line: string) => void = () => {}): Promise<ImportReport> =>
  withKilledHouse(seed, async (house) => {
    const report: ImportReport = { rounds, seed, kills: 0, amid: 0, rows: 0, problems: [] }
    for (let round = 0; round < rounds; round += 1) {
      report.problems.push(...(await oneRound(house, report, round)), ...(await house.complaints()))
      report.kills = house.kills()
      say(`round ${round}: ${report.kills} kills, ${report.amid} amid, ${report.rows} rows, ${report.problems.length} problems`)
    }
    return report
  })

if (import.meta.main) await runByHand(importRounds)
