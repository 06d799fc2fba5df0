import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { issueCertificate } from './certificates.ts'
import { openLocalCa } from './localCa.ts'
import { readPair } from './storedPair.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'local-ca-'))
afterAll(() => rmSync(dataDir, { recursive: true }))
const names = ['crm.shop.lan', '192.168.1.10']
const day = 86_400_000
let clock = Date.now()
const open = (over: object = {}) => openLocalCa({ dataDir, names, on: () => {}, everyMs: 5, now: () => new Date(clock), ...over })
const authorityFile = join(dataDir, 'tls', 'authority.pem')

/** OpenSSL's verdict on a certificate under the authority, as a browser would look at it. */
const verdict = (certificate: string, ...more: string[]): string => {
  writeFileSync(join(dataDir, 'c.pem'), certificate)
  const { stdout, stderr } = spawnSync(
    'openssl',
    ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', authorityFile, ...more, join(dataDir, 'c.pem')],
    { encoding: 'utf8' },
  )
  return `${stdout}${stderr}`
}

test('an authority is made once, with its key for its owner’s eyes only, and vouches for the server’s names', async () => {
  const live = await open()
  const { certificate } = live.current()!
  expect(verdict(certificate, '-verify_hostname', 'crm.shop.lan')).toContain(': OK')
  expect(verdict(certificate, '-verify_ip', '192.168.1.10')).toContain(': OK')
  expect(verdict(certificate, '-verify_hostname', 'bank.example')).toContain('hostname mismatch')
  expect(live.authority.fingerprint).toBe(new X509Certificate(live.authority.der).fingerprint256)
  const root = new X509Certificate(live.authority.der)
  expect([root.ca, root.verify(root.publicKey)]).toEqual([true, true])
  expect((Date.parse(root.validTo) - Date.now()) / day).toBeGreaterThan(3_600)
  for (const file of ['authority.pem', 'local.pem']) expect(statSync(join(dataDir, 'tls', file)).mode & 0o777).toBe(0o600)
  expect(statSync(join(dataDir, 'tls')).mode & 0o777).toBe(0o700)
  // Below what Apple's platforms take of an authority of one's own (825 days), and of a public one (398).
  const own = new X509Certificate(certificate)
  expect((Date.parse(own.validTo) - Date.parse(own.validFrom)) / day).toBeLessThanOrEqual(397)
  await live.close()
  const again = await open()
  expect([again.authority.fingerprint, again.current()]).toEqual([live.authority.fingerprint, live.current()])
  await again.close()
})

test('whoever steals its key can vouch for nobody else: what it signs for other names is believed by nobody', async () => {
  const stolen = (await readPair(authorityFile))!
  const times = { from: new Date(Date.now() - day), until: new Date(Date.now() + day) }
  for (const name of ['bank.example', 'shop.lan', '8.8.8.8', '2606:4700::1']) {
    expect(verdict((await issueCertificate(stolen, [name], times)).certificate)).toContain('permitted subtree violation')
  }
  for (const name of ['a.crm.shop.lan', '10.1.2.3', 'fd00::5']) {
    expect(verdict((await issueCertificate(stolen, ['crm.shop.lan', name], times)).certificate)).toContain(': OK')
  }
})

test('it is renewed by itself when a third of its life is left, and issued anew for other names within the limits', async () => {
  const live = await open()
  const before = live.current()!
  let told = 0
  live.onChange(() => (told += 1))
  clock += 260 * day
  await sleep(50)
  expect([told, live.status().daysLeft]).toEqual([0, 135])
  clock += 5 * day
  for (let i = 0; i < 300 && told === 0; i += 1) await sleep(10)
  expect([told, live.status().daysLeft, live.status().problem]).toEqual([1, 395, null])
  expect(live.current()!.key).not.toBe(before.key)
  expect(readFileSync(join(dataDir, 'tls', 'local.pem'), 'utf8')).toContain(live.current()!.certificate.trim())
  await live.close()
  const wider = await open({ names: [...names, 'mobil.crm.shop.lan', '10.0.0.5'] })
  expect(wider.status().names).toEqual(['crm.shop.lan', '192.168.1.10', 'mobil.crm.shop.lan', '10.0.0.5'])
  expect(wider.authority.fingerprint).toBe(live.authority.fingerprint)
  await wider.close()
})

test('a name beyond its limits is refused with what to do; a damaged certificate is made anew', async () => {
  await expect(open({ names: ['crm.other.lan'] })).rejects.toMatchObject({
    code: 'config_invalid',
    details: { problem: 'authority_names', name: 'crm.other.lan', found: 'crm.shop.lan', file: authorityFile },
  })
  writeFileSync(join(dataDir, 'tls', 'local.pem'), 'torn')
  clock = Date.now()
  const live = await open()
  expect(verdict(live.current()!.certificate)).toContain(': OK')
  await live.close()
})
