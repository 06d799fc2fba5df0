import { rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeDataFolder } from '../test/e2e/support/dealer.ts'
import { apiClient } from '../test/support/api.ts'
import { setUp, startServer } from '../test/support/server.ts'
import { median, quantile, round } from './statistics.ts'

// node bench/signIn.ts [--perMinute 200] [--seconds 60] [--customers 1000] [--json FILE]
// Asks the product for a list of customers ten times a second, first by itself, then beside so many sign-ins a minute, evenly spaced, each by password
// (argon2id). The delay of the server's event loop is its own figure (`/metrics`, sampled every 10 ms, which is part of it).

const { values } = parseArgs({
  options: {
    perMinute: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    customers: { type: 'string', default: '1000' },
    json: { type: 'string' },
  },
})
const perMinute = Number(values.perMinute)
const seconds = Number(values.seconds)
const listsPerSecond = 10

type Phase = {
  lists: number
  listP50: number
  listP95: number
  loopP99: number
  signIns: number
  signInP50: number
  signInP95: number
  failed: number
}

/** Does `act` every so many milliseconds for the given time, whether or not the one before has finished, and returns how long each took. */
const paced = async (everyMs: number, act: () => Promise<boolean>): Promise<{ took: number[]; failed: number }> => {
  const took: number[] = []
  const running: Promise<void>[] = []
  let failed = 0
  const began = performance.now()
  const once = async (): Promise<void> => {
    const from = performance.now()
    if (!(await act())) failed += 1
    took.push(performance.now() - from)
  }
  for (let i = 0; i * everyMs < seconds * 1000; i += 1) {
    await sleep(Math.max(0, began + i * everyMs - performance.now()))
    running.push(once())
  }
  await Promise.all(running)
  return { took, failed }
}

const folder = makeDataFolder()
const server = await startServer({ data: `${folder}/data`, limitMs: 120_000 })
try {
  const { owner } = await setUp(server)
  const { items: stores } = await owner.call<{ items: { id: string }[] }>('GET', '/api/stores')
  const storeId = stores[0]!.id
  for (let done = 0; done < Number(values.customers); done += 500)
    await owner.call('POST', '/api/customers/batch', {
      items: Array.from({ length: 500 }, (_, i) => ({
        name: `客户${done + i}`,
        kind: 'household',
        phones: [],
        emails: [],
        tags: [],
        storeId,
      })),
    })
  const password = 'leise-raeume-mit-dicken-waenden'
  const logins = Array.from('abcdefghkmnpqrstuvwx', (letter) => `bench-${letter}`)
  for (const login of logins)
    await owner.call('POST', '/api/staff', { login, name: login, roles: ['salesConsultant'], storeIds: [storeId], password })

  const lagOf = async (): Promise<number> => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    return Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(text)?.[1] ?? Number.NaN) * 1000
  }
  let at = 0
  const signIn = async (): Promise<boolean> => {
    const body = { login: logins[(at += 1) % logins.length], password }
    return (await apiClient(server.url).send('POST', '/api/session', body)).status === 200
  }
  const phase = async (withSignIns: boolean): Promise<Phase> => {
    await sleep(2_000)
    await lagOf()
    const [lists, signIns] = await Promise.all([
      paced(1000 / listsPerSecond, async () => (await owner.send('GET', '/api/customers')).status === 200),
      withSignIns ? paced(60_000 / perMinute, signIn) : { took: [], failed: 0 },
    ])
    const loopP99 = await lagOf()
    return {
      lists: lists.took.length,
      listP50: round(median(lists.took)),
      listP95: round(quantile(lists.took, 0.95)),
      loopP99: round(loopP99),
      signIns: signIns.took.length,
      signInP50: signIns.took.length > 0 ? round(median(signIns.took)) : 0,
      signInP95: signIns.took.length > 0 ? round(quantile(signIns.took, 0.95)) : 0,
      failed: lists.failed + signIns.failed,
    }
  }
  await phase(false)
  const alone = await phase(false)
  const beside = await phase(true)
  const result = { perMinute, seconds, processors: cpus().length, load: round(loadavg()[0]!), alone, beside }
  const text = `${JSON.stringify(result, null, 2)}\n`
  if (values.json) writeFileSync(values.json, text)
  process.stdout.write(text)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
