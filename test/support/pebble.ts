import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeCertificates } from './certificates.ts'
import { freePort } from './server.ts'

/** Let's Encrypt's own test server for ACME, from Debian, with the DNS stand-in that comes with it. */
export type Pebble = {
  readonly directory: string
  /** PEM of the authority that the directory's own certificate is of, and where it lies. */
  readonly ca: string
  readonly caFile: string
  /** Where http-01 is looked for. */
  readonly httpPort: number
  /** The DNS stand-in, `address:port`. Every name in it stands for this machine. */
  readonly dns: string
  /** Sets or clears a TXT record, as a provider's API would. */
  readonly setTxt: (name: string, value: string) => Promise<void>
  readonly clearTxt: (name: string) => Promise<void>
  /** The PEM of the root that its certificates lead to. */
  readonly root: () => Promise<string>
  readonly close: () => Promise<void>
}

/** Whether pebble is installed here (bin/systemPackages.mjs sees to it). */
export const hasPebble = spawnSync('pebble', ['-h']).error === undefined

/** Starts pebble on free ports. `days`: how long its certificates are valid. */
export const openPebble = async (days = 90): Promise<Pebble> => {
  const folder = mkdtempSync(join(tmpdir(), 'anechoic-pebble-'))
  chmodSync(folder, 0o755)
  const { ca, good } = await makeCertificates()
  const file = (name: string): string => join(folder, name)
  writeFileSync(file('ca.pem'), ca)
  writeFileSync(file('cert.pem'), good.certificate)
  writeFileSync(file('key.pem'), good.key)
  const [port, management, httpPort, tlsPort, dnsPort, dnsManagement] = await Promise.all(Array.from({ length: 6 }, freePort))
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: file('cert.pem'),
    privateKey: file('key.pem'),
    httpPort,
    tlsPort,
    certificateValidityPeriod: days * 86_400,
  }
  writeFileSync(file('config.json'), JSON.stringify({ pebble }))
  const dns = `127.0.0.1:${dnsPort}`
  const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', '']
  const children: ChildProcess[] = [
    spawn('pebble-challtestsrv', [...off, '-dns01', dns, '-management', `127.0.0.1:${dnsManagement}`], { stdio: 'ignore' }),
    spawn('pebble', ['-strict', '-config', file('config.json'), '-dnsserver', dns], {
      stdio: 'ignore',
      env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '5' },
    }),
  ]
  const tell = async (verb: string, body: object): Promise<void> => {
    await fetch(`http://127.0.0.1:${dnsManagement}/${verb}`, { method: 'POST', body: JSON.stringify(body) })
  }
  const { request } = await import('node:https')
  const read = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request({ host: 'localhost', port: management, path, ca, agent: false }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => (text += part))
        answer.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
  for (let i = 0; ; i += 1) {
    const isUp = await Promise.all([read('/roots/0'), tell('clear-txt', { host: 'nobody.' })]).then(
      () => true,
      () => false,
    )
    if (isUp) break
    if (i > 200) throw new Error('pebble is not up')
    await sleep(50)
  }
  return {
    directory: `https://localhost:${port}/dir`,
    ca,
    caFile: file('ca.pem'),
    httpPort: httpPort!,
    dns,
    setTxt: (name, value) => tell('set-txt', { host: `${name}.`, value }),
    clearTxt: (name) => tell('clear-txt', { host: `${name}.` }),
    root: () => read('/roots/0'),
    close: async () => {
      for (const child of children) {
        const exit = once(child, 'exit')
        child.kill('SIGKILL')
        await exit
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
