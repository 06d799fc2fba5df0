import type { Operation, Side } from './operations.ts'
import { readProcessorTimes, usedBetween } from './processorTime.ts'
import { median, quantile, round } from './statistics.ts'
import type { TimedClient } from './timedClient.ts'

/**
 * What one operation took, in milliseconds, on the product and on the twin; `addedP50` is the difference. `p10` is nearest to what the work costs when
 * other programs share the machine.
 */
export type Measured = {
  readonly p10: number
  readonly p50: number
  readonly p95: number
  readonly n: number
  readonly plainP10: number
  readonly plainP50: number
  readonly plainP95: number
  readonly plainN: number
  readonly addedP50: number
}

export type Clients = Readonly<Record<Side, TimedClient>>

/** Samples wanted of each operation, the fewest that will do, and the milliseconds one side of one operation may take in all. */
export type Plan = { readonly samples: number; readonly least: number; readonly mostMs: number }

export const sides: readonly Side[] = ['sealed', 'plain']

/** Returns the figures of two sides' samples. */
export const summarise = (samples: Readonly<Record<Side, readonly number[]>>): Measured => {
  const [p50, plainP50] = [median(samples.sealed), median(samples.plain)]
  return {
    p10: round(quantile(samples.sealed, 0.1)),
    p50: round(p50),
    p95: round(quantile(samples.sealed, 0.95)),
    n: samples.sealed.length,
    plainP10: round(quantile(samples.plain, 0.1)),
    plainP50: round(plainP50),
    plainP95: round(quantile(samples.plain, 0.95)),
    plainN: samples.plain.length,
    addedP50: round(p50 - plainP50),
  }
}

/**
 * Measures operations one request at a time, round-robin through operations and sides, so that whatever disturbs the machine disturbs all alike.
 * A slow side stops early, at `least` samples or `mostMs`, whichever is later. `from` numbers the first request.
 */
export const measure = async <N extends string>(
  clients: Clients,
  operations: Readonly<Record<N, Operation>>,
  plan: Plan,
  from = 0,
): Promise<Record<N, Measured>> => {
  const names = Object.keys(operations) as N[]
  const samples = Object.fromEntries(names.map((name) => [name, { sealed: [] as number[], plain: [] as number[] }])) as Record<
    N,
    Record<Side, number[]>
  >
  const spent = new Map<number[], number>()
  for (let i = 0; i < plan.samples; i += 1) {
    for (const name of names) {
      for (const side of i % 2 === 0 ? sides : sides.toReversed()) {
        const list = samples[name][side]
        if (list.length >= plan.least && (spent.get(list) ?? 0) >= plan.mostMs) continue
        const answer = await clients[side].send(operations[name].ask(side, from + i))
        operations[name].heard?.(side, from + i, answer)
        list.push(answer.ms)
        spent.set(list, (spent.get(list) ?? 0) + answer.ms)
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(samples[name])])) as Record<N, Measured>
}

/**
 * Measures the processor time that one request of each operation costs server and database, including what they do after the answer, in milliseconds:
 * in turns of `requests` per side, since this is the same for all that a process did. `pids` are a side's processes.
 */
export const measureProcessorTime = async <N extends string>(
  clients: Clients,
  operations: Readonly<Record<N, Operation>>,
  pids: Readonly<Record<Side, readonly number[]>>,
  requests: number,
  from: number,
): Promise<Record<N, { cpuMs: number; plainCpuMs: number }>> => {
  const costs = {} as Record<N, { cpuMs: number; plainCpuMs: number }>
  for (const name of Object.keys(operations) as N[]) {
    const cost: Record<Side, number> = { sealed: 0, plain: 0 }
    for (const side of sides) {
      const before = readProcessorTimes(pids[side])
      for (let i = from; i < from + requests; i += 1) {
        const answer = await clients[side].send(operations[name].ask(side, i))
        operations[name].heard?.(side, i, answer)
      }
      cost[side] = round(usedBetween(before, readProcessorTimes(pids[side])) / requests)
    }
    costs[name] = { cpuMs: cost.sealed, plainCpuMs: cost.plain }
  }
  return costs
}

/** Measures `loops` clients asking the same thing at once, in turns of `turn` requests per side; adds requests per second. */
export const measureConcurrent = async (
  clients: Clients,
  operation: Operation,
  { loops, turns, turn }: { loops: number; turns: number; turn: number },
): Promise<Measured & { perSecond: number; plainPerSecond: number }> => {
  const samples: Record<Side, number[]> = { sealed: [], plain: [] }
  const took: Record<Side, number> = { sealed: 0, plain: 0 }
  for (let at = 0; at < turns; at += 1) {
    for (const side of at % 2 === 0 ? sides : sides.toReversed()) {
      let left = turn
      const began = performance.now()
      await Promise.all(
        Array.from({ length: loops }, async () => {
          while (left-- > 0) samples[side].push((await clients[side].send(operation.ask(side, left))).ms)
        }),
      )
      took[side] += performance.now() - began
    }
  }
  const rate = (side: Side): number => round(samples[side].length / (took[side] / 1000), 0)
  return { ...summarise(samples), perSecond: rate('sealed'), plainPerSecond: rate('plain') }
}
