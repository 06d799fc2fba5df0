import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { apiClient } from '../test/support/api.ts'
import { startServer, untilReady } from '../test/support/server.ts'
import { median, round } from './statistics.ts'

// node bench/notFound.ts
// Whether what does not exist can be told from what exists for others by how long the answer takes (issue 4: medians of 1,000 tries within 10 %): a
// consultant of the demo asks for customers of another shop and for nobody, in turns, over HTTP. Prints JSON, milliseconds; `apart` is the difference of
// the medians over the smaller one.

const tries = 1_000
const folder = mkdtempSync('/tmp/anechoic-not-found-')
chmodSync(folder, 0o755)
const server = await startServer({
  data: join(folder, 'data'),
  args: ['--demo'],
  env: { ANECHOIC_DEMO_CUSTOMERS: '200' },
  limitMs: 240_000,
})
try {
  let line: string | undefined
  const printed = () => server.output().split('\n')
  while (!(line = printed().find((one) => one.startsWith('{"url"')))) await new Promise((resolve) => setTimeout(resolve, 200))
  const { staff } = JSON.parse(line) as { staff: { login: string; role: string; password: string }[] }
  await untilReady(server.url)
  const as = async (role: string) => {
    const { login, password } = staff.find((one) => one.role === role)!
    const client = apiClient(server.url)
    await client.signIn(login, password)
    return client
  }
  const [owner, consultant] = await Promise.all([as('owner'), as('salesConsultant')])
  type Page = { items: { id: string }[] }
  const idsOf = async (client: typeof owner): Promise<string[]> =>
    (await client.call<Page>('GET', '/api/customers?pageSize=200')).items.map(({ id }) => id)
  const own = new Set(await idsOf(consultant))
  const others = (await idsOf(owner)).filter((id) => !own.has(id))

  const ways: Record<string, (id: string) => Promise<unknown>> = {
    read: (id) => consultant.send('GET', `/api/customers/${id}`),
    change: (id) => consultant.send('PATCH', `/api/customers/${id}`, { version: 1, notes: 'x' }),
    reveal: (id) => consultant.send('POST', `/api/customers/${id}/reveal`, { fields: ['phones'], reason: 'visit' }),
    timeline: (id) => consultant.send('GET', `/api/customers/${id}/interactions`),
  }
  const timed = async (ask: () => Promise<unknown>): Promise<number> => {
    const from = performance.now()
    await ask()
    return performance.now() - from
  }
  const result: Record<string, { absent: number; forbidden: number; apart: number }> = {}
  for (const [name, ask] of Object.entries(ways)) {
    const times = { absent: [] as number[], forbidden: [] as number[] }
    for (let i = 0; i < tries + 100; i += 1) {
      const turns = [
        ['absent', randomUUID()],
        ['forbidden', others[i % others.length]!],
      ] as const
      for (const [kind, id] of i % 2 === 0 ? turns : turns.toReversed()) {
        const ms = await timed(() => ask(id))
        if (i >= 100) times[kind].push(ms)
      }
    }
    const [absent, forbidden] = [median(times.absent), median(times.forbidden)]
    result[name] = {
      absent: round(absent),
      forbidden: round(forbidden),
      apart: round(Math.abs(absent - forbidden) / Math.min(absent, forbidden), 3),
    }
  }
  process.stdout.write(`${JSON.stringify({ tries, load: round(loadavg()[0]!, 1), ...result }, null, 2)}\n`)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
