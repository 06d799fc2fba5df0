import type { Api } from '../support/api.ts'
import { type KilledHouse, pause, withKilledHouse } from './killedHouse.ts'
import { runByHand } from './runByHand.ts'

/** What the rounds came to. `problems` is empty when every pair was whole: merged with all that hung below, or not touched. */
export type MergeReport = { rounds: number; seed: number; kills: number; merged: number; undone: number; problems: string[] }

type Pair = { stays: string; goes: string }
type Customer = { id: string; version: number; trashedAt: string | null; notes: string | null }
type Job = { id: string; kind: string; state: string; undoable: boolean; undoneBy: string | null }

const pairs = 30

const populate = async (api: Api, round: number): Promise<Pair[]> => {
  const [store] = (await api.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  const items = Array.from({ length: pairs * 2 }, (_, i) => ({
    name: `r${round}p${i}`,
    kind: 'household',
    storeId: store!.id,
    notes: `n${i}`,
  }))
  const made = (await api.call<{ items: { id: string }[] }>('POST', '/api/customers/batch', { items })).items
  const found = Array.from({ length: pairs }, (_, i) => ({ stays: made[i * 2]!.id, goes: made[i * 2 + 1]!.id }))
  for (const { goes } of found) {
    await api.call('POST', `/api/customers/${goes}/interactions`, { kind: 'note', text: 'theirs' })
    await api.call('POST', `/api/customers/${goes}/contacts`, { name: 'aunt' })
  }
  return found
}

/** How a pair stands: `merged` or `apart` when everything says the same, else what stands where. */
const stateOf = async (api: Api, { stays, goes }: Pair): Promise<string> => {
  const [one, other] = await Promise.all([stays, goes].map((id) => api.call<Customer>('GET', `/api/customers/${id}`)))
  const below = await Promise.all(
    [stays, goes].flatMap((id) =>
      ['interactions', 'contacts'].map(async (kind) => (await api.call<{ total: number }>('GET', `/api/customers/${id}/${kind}`)).total),
    ),
  )
  const facts = [one!.notes?.includes('\n') ? 'joined' : 'own', other!.trashedAt ? 'trashed' : 'open', ...below].join(' ')
  return facts === 'joined trashed 1 1 0 0' ? 'merged' : facts === 'own open 0 0 1 1' ? 'apart' : facts
}

/** Merges pair after pair until the product dies; returns those that were acknowledged. */
const mergeUntilDead = async (api: Api, list: readonly Pair[]): Promise<Set<Pair>> => {
  const acknowledged = new Set<Pair>()
  for (const pair of list) {
    try {
      const [one, other] = await Promise.all([pair.stays, pair.goes].map((id) => api.call<Customer>('GET', `/api/customers/${id}`)))
      const body = { version: one!.version, others: [{ id: pair.goes, version: other!.version }] }
      if ((await api.send('POST', `/api/customers/${pair.stays}/merge`, body)).status === 200) acknowledged.add(pair)
    } catch {
      break // the connection was cut: the product is being killed
    }
  }
  return acknowledged
}

const undoUntilDead = async (api: Api, jobs: readonly Job[]): Promise<void> => {
  for (const { id } of jobs) {
    try {
      await api.send('POST', `/api/jobs/${id}/undo`)
    } catch {
      return
    }
  }
}

const openMerges = async (api: Api): Promise<Job[]> =>
  (await api.call<{ items: Job[] }>('GET', '/api/jobs')).items.filter(({ kind, undoable }) => kind === 'merge' && undoable)

const settle = async (api: Api): Promise<void> => {
  for (let i = 0; i < 2_400; i += 1) {
    const { items } = await api.call<{ items: Job[] }>('GET', '/api/jobs')
    if (!items.some(({ state }) => state === 'queued' || state === 'running')) return
    await pause(50)
  }
  throw new Error('jobs did not end')
}

const oneRound = async (house: KilledHouse, report: MergeReport, round: number): Promise<string[]> => {
  const problems: string[] = []
  let api = await house.signedIn()
  const list = await populate(api, round)
  const merging = mergeUntilDead(api, list)
  await pause(60 + house.random.below(500))
  api = await house.killAndStart()
  const acknowledged = await merging
  for (const pair of list) {
    const state = await stateOf(api, pair)
    if (state === 'merged') report.merged += 1
    else if (state !== 'apart' || acknowledged.has(pair))
      problems.push(`merging ${pair.stays}: ${state}, acknowledged ${acknowledged.has(pair)}`)
  }
  const jobs = await openMerges(api)
  const undoing = undoUntilDead(api, jobs)
  await pause(house.random.below(800))
  api = await house.killAndStart()
  await undoing
  await undoUntilDead(api, await openMerges(api))
  await settle(api)
  report.undone += jobs.length
  for (const pair of list) {
    const state = await stateOf(api, pair)
    if (state !== 'apart') problems.push(`undoing ${pair.stays}: ${state}`)
  }
  return problems.map((problem) => `round ${round}: ${problem}`)
}

/**
 * Merges 30 pairs one after the other and takes them apart again, `rounds` times, killing the server, the database or both amid each. A merge is whole or
 * has not been; what was acknowledged has been.
 */
export const mergeRounds = (rounds: number, seed: number, say: (line: string) => void = () => {}): Promise<MergeReport> =>
  withKilledHouse(seed, async (house) => {
    const report: MergeReport = { rounds, seed, kills: 0, merged: 0, undone: 0, problems: [] }
    for (let round = 0; round < rounds; round += 1) {
      report.problems.push(...(await oneRound(house, report, round)), ...(await house.complaints()))
      report.kills = house.kills()
      say(`round ${round}: ${report.kills} kills, ${report.merged} merged, ${report.undone} undone, ${report.problems.length} problems`)
    }
    return report
  })

if (import.meta.main) await runByHand(mergeRounds)
