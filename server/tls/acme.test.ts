import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasPebble, openPebble, type Pebble } from '../../test/support/pebble.ts'
import { openKernel } from '../http/kernel.ts'
import { openLog } from '../http/log.ts'
import { openPlainListener } from '../http/plainListener.ts'
import { openAcme } from './acme.ts'
import type { DnsProvider } from './dns/dnsProvider.ts'
import type { LiveCertificate } from './liveCertificate.ts'

const folders: string[] = []
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

// Against pebble, the test server of Let's Encrypt's authors, in its strict mode and rejecting nonces at random.
describe.skipIf(!hasPebble)('ACME', () => {
  let pebble: Pebble
  beforeAll(async () => {
    pebble = await openPebble()
  })
  afterAll(async () => {
    await pebble.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  const day = 86_400_000
  const names = ['crm.dealer.example', 'www.crm.dealer.example']
  const newFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'acme-'))
    folders.push(folder)
    return folder
  }
  type Events = { event: string; problem: string | null }[]
  const open = async (
    dataDir: string,
    over: object = {},
    after = (): unknown => null,
  ): Promise<{ live: LiveCertificate; answers: Map<string, string>; events: Events }> => {
    const [answers, events] = [new Map<string, string>(), [] as Events]
    const live = await openAcme({
      dataDir,
      names,
      directory: pebble.directory,
      email: 'owner@dealer.example',
      ca: pebble.ca,
      dns: null,
      answers,
      on: (event, problem) => {
        events.push({ event, problem })
        after()
      },
      everyMs: 20,
      ...over,
    })
    closing.push(live.close)
    return { live, answers, events }
  }
  const untilEvent = async (events: Events, count = 1): Promise<void> => {
    for (let i = 0; i < 2_000 && events.length < count; i += 1) await sleep(20)
    expect(events.length).toBeGreaterThanOrEqual(count)
  }
  const answer = async (answers: Map<string, string>): Promise<void> => {
    const plain = await openPlainListener({
      host: '127.0.0.1',
      port: pebble.httpPort,
      origin: 'https://crm.dealer.example',
      answers,
      authority: null,
    })
    closing.push(plain.close)
  }
  const leadsToRoot = async ({ certificate }: { certificate: string }): Promise<boolean> => {
    const chain = certificate.match(/-----BEGIN[\s\S]*?END CERTIFICATE-----/g)!.map((one) => new X509Certificate(one))
    const all = [...chain, new X509Certificate(await pebble.root())]
    return all.slice(0, -1).every((one, i) => one.verify(all[i + 1]!.publicKey))
  }

  test('http-01: issues, keeps, renews when a third is left, and swaps it under a client that stays connected', async () => {
    const dataDir = newFolder()
    let ahead = 0
    const { live, answers, events } = await open(dataDir, { now: () => new Date(Date.now() + ahead) }, () => (ahead = 0))
    expect([live.current(), live.status().daysLeft]).toEqual([null, null])
    await answer(answers)
    await untilEvent(events)
    expect(events).toEqual([{ event: 'certificate_renewed', problem: null }])
    const first = live.current()!
    expect(await leadsToRoot(first)).toBe(true)
    expect(live.status()).toMatchObject({ source: 'acme', names, daysLeft: 89, problem: null })
    for (const file of ['acme.pem', 'acme-account.key']) expect(statSync(join(dataDir, 'tls', file)).mode & 0o777).toBe(0o600)

    const app = await openKernel({
      log: openLog({ write: () => undefined }),
      phase: () => 'ready',
      onRefused: async () => {},
      findSession: async () => null,
      findProgram: async () => null,
      isSetupToken: () => false,
      hosts: names,
      secure: true,
      certificate: live,
    })
    app.get('/livez', async () => ({ alive: true }))
    await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(() => app.close())
    const { port } = app.server.address() as { port: number }
    const root = await pebble.root()
    const ask = (agent: Agent) =>
      new Promise<{ status: number; serial: string; socket: Socket; hsts: unknown }>((resolve, reject) => {
        const sent = request(
          { host: '127.0.0.1', port, path: '/livez', agent, servername: names[0], headers: { host: names[0] } },
          (reply) => {
            const socket = reply.socket as TLSSocket
            reply.resume().on('end', () =>
              resolve({
                status: reply.statusCode!,
                serial: socket.getPeerCertificate().serialNumber,
                socket,
                hsts: reply.headers['strict-transport-security'],
              }),
            )
          },
        )
        sent.on('error', reject).end()
      })
    const staying = new Agent({ ca: root, keepAlive: true, maxSockets: 1 })
    const before = await ask(staying)
    expect([before.status, before.hsts]).toEqual([200, 'max-age=63072000; includeSubDomains'])

    ahead += 59 * day
    await sleep(100)
    expect(events).toHaveLength(1)
    ahead += 2 * day
    // Pebble issues by its own clock, so ours goes back as soon as the new one is there: else that would be due as well.
    await untilEvent(events, 2)
    expect(events[1]).toEqual({ event: 'certificate_renewed', problem: null })
    expect(live.current()!.key).not.toBe(first.key)
    const after = await ask(staying)
    expect([after.status, after.socket === before.socket, after.serial === before.serial]).toEqual([200, true, true])
    const newcomer = await ask(new Agent({ ca: root, keepAlive: false, maxCachedSessions: 0 }))
    expect([newcomer.status, newcomer.serial === before.serial]).toEqual([200, false])
    staying.destroy()

    // The next start serves what is kept, and asks nobody.
    await live.close()
    const again = await open(dataDir)
    expect(again.live.current()).toEqual(live.current())
    await sleep(100)
    expect(again.events).toEqual([])
  })

  test('dns-01: the record is there while it is looked for, and gone afterwards', async () => {
    const log: string[] = []
    const provider: DnsProvider = {
      present: async (name, value) => {
        log.push(`+ ${name}`)
        // As with a real provider, the record is seen a while later.
        setTimeout(() => void pebble.setTxt(`${name}.dealer.example`, value), 300)
        return name
      },
      cleanUp: async (id) => {
        log.push(`- ${id}`)
        await pebble.clearTxt(`${id}.dealer.example`)
      },
    }
    const { live, events } = await open(newFolder(), { dns: { provider, zone: 'dealer.example', servers: [pebble.dns], waitSeconds: 20 } })
    await untilEvent(events)
    expect(events).toEqual([{ event: 'certificate_renewed', problem: null }])
    expect(await leadsToRoot(live.current()!)).toBe(true)
    expect(log.toSorted()).toEqual([
      '+ _acme-challenge.crm',
      '+ _acme-challenge.www.crm',
      '- _acme-challenge.crm',
      '- _acme-challenge.www.crm',
    ])
  })

  test('what fails is said, not tried again at once, and leaves what is there', async () => {
    let ahead = 0
    const dataDir = newFolder()
    const nobody = await open(dataDir, { now: () => new Date(Date.now() + ahead) })
    // Nothing listens where the authority looks.
    await untilEvent(nobody.events)
    expect(nobody.events[0]!.event).toBe('certificate_problem')
    expect(nobody.live.status().problem).toMatch(/connection refused|Error/i)
    await sleep(200)
    expect(nobody.events).toHaveLength(1)
    await answer(nobody.answers)
    ahead += 14 * 60_000
    await sleep(200)
    expect(nobody.events).toHaveLength(1)
    ahead += 2 * 60_000
    await untilEvent(nobody.events, 2)
    expect([nobody.events[1]!.event, nobody.live.status().problem]).toEqual(['certificate_renewed', null])
    const held = nobody.live.current()
    await nobody.live.close()
    // Another authority's word about the directory is not believed, and the certificate that is there is served on.
    const stranger = await open(dataDir, { ca: await pebble.root(), now: () => new Date(Date.now() + ahead + 80 * day) })
    await untilEvent(stranger.events)
    expect(stranger.live.status().problem).toMatch(/^localhost:\d+: (?:UNABLE_TO_|SELF_SIGNED)/)
    expect(stranger.live.current()).toEqual(held)
  })
})
