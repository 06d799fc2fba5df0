import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Certificates, makeCertificates } from '../../test/support/certificates.ts'
import { explainStartError } from '../embedded/startErrors.ts'
import { issueCertificate, makeAuthority } from './certificates.ts'
import { checkCertificate } from './checkCertificate.ts'
import type { KeyPair } from './liveCertificate.ts'
import { openOwnCertificate } from './ownCertificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'own-certificate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [certFile, keyFile] = [join(folder, 'c.pem'), join(folder, 'k.pem')]
const put = ({ certificate, key }: KeyPair): void => {
  writeFileSync(certFile, certificate)
  writeFileSync(keyFile, key)
}

let made: Certificates
beforeAll(async () => {
  made = await makeCertificates(['crm.dealer.example', '*.shop.example', '192.168.1.10'])
})

const day = 86_400_000
const problemOf = (pair: KeyPair, names = ['crm.dealer.example']): unknown => {
  try {
    checkCertificate(pair, names, { certificate: certFile, key: keyFile })
    return null
  } catch (error) {
    for (const LANG of ['zh_CN.UTF-8', 'C']) expect(explainStartError(error, { LANG })).not.toMatch(/\{|\?|The start failed|启动失败|BEGIN/)
    return (error as { details: { problem: string } }).details.problem
  }
}
const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })

test('what belongs together is taken, and says for whom it is', () => {
  expect(
    checkCertificate(made.good, ['crm.dealer.example', 'a.shop.example', '192.168.1.10'], { certificate: 'c', key: 'k' }),
  ).toMatchObject({
    names: ['crm.dealer.example', '*.shop.example', '192.168.1.10'],
    issuer: 'Test authority',
  })
})

test('each way of being wrong has its own line', async () => {
  expect(problemOf({ ...made.good, key: made.expired.key })).toBe('certificate_key')
  expect(problemOf(made.expired)).toBe('certificate_expired')
  expect(problemOf(made.notYet)).toBe('certificate_not_yet')
  expect(problemOf(made.wrongHost)).toBe('certificate_name')
  expect(problemOf(made.good, ['crm.dealer.example', 'other.example'])).toBe('certificate_name')
  expect(problemOf(made.good, ['a.b.shop.example'])).toBe('certificate_name')
  expect(problemOf({ ...made.good, certificate: 'nothing' })).toBe('certificate_format')
  expect(problemOf({ ...made.good, key: made.good.certificate })).toBe('certificate_format')
  const chain = [made.good.certificate, made.ca]
  expect(problemOf({ ...made.good, certificate: chain.join('') })).toBe(null)
  expect(problemOf({ ...made.good, certificate: chain.toReversed().join('') })).toBe('certificate_key')
  const stranger = await makeAuthority('Test authority', {
    from: new Date(Date.now() - day),
    until: new Date(Date.now() + day),
    permitted: null,
  })
  expect(problemOf({ ...made.good, certificate: made.good.certificate + stranger.certificate })).toBe('certificate_chain')
  // Of a name in the subject alone: RFC 6125 and browsers do not look there.
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=crm.dealer.example',
    '-keyout',
    'n.key',
    '-out',
    'n.crt',
  )
  const readPair = (name: string) => ({
    certificate: readFileSync(join(folder, `${name}.crt`), 'utf8'),
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
  })
  expect(problemOf(readPair('n'))).toBe('certificate_name')
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:1024',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=x',
    '-addext',
    'subjectAltName=DNS:crm.dealer.example',
    '-keyout',
    'w.key',
    '-out',
    'w.crt',
  )
  expect(problemOf(readPair('w'))).toBe('certificate_weak')
})

test('a new pair of files takes the place of the old one; a broken one leaves it, and is told until it is mended', async () => {
  put(made.good)
  const events: string[] = []
  const live = await openOwnCertificate({
    certFile,
    keyFile,
    names: ['crm.dealer.example'],
    on: (event, problem) => events.push(problem ?? event),
    everyMs: 10,
  })
  const changed: KeyPair[] = []
  live.onChange((pair) => changed.push(pair))
  const until = async (isSo: () => boolean) => {
    for (let i = 0; i < 500 && !isSo(); i += 1) await sleep(10)
    expect(isSo()).toBe(true)
  }
  writeFileSync(certFile, 'half a file')
  await until(() => live.status().problem === 'certificate_format')
  put(made.expired)
  await until(() => live.status().problem === 'certificate_expired')
  expect([live.current(), changed]).toEqual([made.good, []])
  rmSync(keyFile)
  await until(() => live.status().problem === 'certificate_unreadable')
  // As certbot does it: a link that is turned to another file.
  const [ca, times] = [
    await makeAuthority('Another', { from: new Date(Date.now() - day), until: new Date(Date.now() + 40 * day), permitted: null }),
    { from: new Date(Date.now() - day), until: new Date(Date.now() + 20.5 * day) },
  ]
  const next = await issueCertificate(ca, ['crm.dealer.example'], times)
  for (const [file, text] of [
    [certFile, next.certificate],
    [keyFile, next.key],
  ] as const) {
    writeFileSync(`${file}.2`, text)
    symlinkSync(`${file}.2`, `${file}.link`)
    renameSync(`${file}.link`, file)
  }
  await until(() => live.status().problem === null && live.current()!.key === next.key)
  expect(changed).toEqual([next])
  expect(live.status()).toMatchObject({ source: 'files', names: ['crm.dealer.example'], issuer: 'Another', daysLeft: 20 })
  expect(events.at(-1)).toBe('certificate_renewed')
  await live.close()
})

test('files that cannot be served keep the server from starting', async () => {
  put(made.wrongHost)
  const open = (over: object = {}) => openOwnCertificate({ certFile, keyFile, names: ['crm.dealer.example'], on: () => {}, ...over })
  await expect(open()).rejects.toMatchObject({
    code: 'config_invalid',
    details: { problem: 'certificate_name', file: certFile, name: 'crm.dealer.example' },
  })
  await expect(open({ keyFile: '/nowhere' })).rejects.toMatchObject({ details: { problem: 'certificate_unreadable', file: '/nowhere' } })
})
