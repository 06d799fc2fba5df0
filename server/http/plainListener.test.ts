import { request } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocalCa } from '../tls/localCa.ts'
import { openPlainListener } from './plainListener.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'plain-'))
const answers = new Map([['token-1', 'token-1.thumb']])
let plain: Awaited<ReturnType<typeof openPlainListener>>
let ca: Awaited<ReturnType<typeof openLocalCa>>
beforeAll(async () => {
  ca = await openLocalCa({ dataDir, names: ['crm.shop.lan'], on: () => {} })
  plain = await openPlainListener({ host: '127.0.0.1', port: 0, origin: 'https://crm.shop.lan:7410', answers, authority: ca.authority })
})
afterAll(async () => {
  await plain.close()
  await ca.close()
  rmSync(dataDir, { recursive: true })
})

type Answer = { status: number; headers: Record<string, unknown>; body: Buffer }
const ask = (path: string, method = 'GET', host = 'crm.shop.lan'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    request({ port: plain.port, host: '127.0.0.1', path, method, headers: { host }, agent: false }, (reply) => {
      const parts: Buffer[] = []
      reply.on('data', (part: Buffer) => parts.push(part))
      reply.on('end', () => resolve({ status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(parts) }))
    })
      .on('error', reject)
      .end()
  })

test.each([
  ['/', 'https://crm.shop.lan:7410/'],
  ['/customers/1?q=%E5%91%A8', 'https://crm.shop.lan:7410/customers/1?q=%E5%91%A8'],
  ['//evil.example/', 'https://crm.shop.lan:7410//evil.example/'],
  ['/\\evil.example', 'https://crm.shop.lan:7410/'],
  ['http://evil.example/x', 'https://crm.shop.lan:7410/'],
  [`/${'a'.repeat(4_000)}`, 'https://crm.shop.lan:7410/'],
])('%s is sent on to our own name, whatever was asked for', async (path, location) => {
  for (const host of ['crm.shop.lan', 'evil.example']) {
    const answer = await ask(path, 'GET', host)
    expect([answer.status, answer.headers['location']]).toEqual([308, location])
  }
})

test('a write is not sent on: it has been in the clear already', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const answer = await ask('/api/session', method)
    expect([answer.status, answer.headers['location']]).toEqual([405, undefined])
  }
})

test('answers the challenge it was given, and no other', async () => {
  const right = await ask('/.well-known/acme-challenge/token-1')
  expect([right.status, right.body.toString()]).toEqual([200, 'token-1.thumb'])
  for (const path of ['token-2', '', '../token-1', '__proto__', 'constructor'])
    expect((await ask(`/.well-known/acme-challenge/${path}`)).status).toBe(404)
})

test('hands out the authority’s certificate, and says in both languages how to install it and what to compare', async () => {
  const file = await ask('/ca.crt')
  expect(file.headers).toMatchObject({
    'content-type': 'application/x-x509-ca-cert',
    'content-disposition': 'attachment; filename="anechoic-ca.crt"',
  })
  expect(new X509Certificate(file.body).fingerprint256).toBe(ca.authority.fingerprint)
  const page = (await ask('/ca')).body.toString()
  for (const word of [
    ca.authority.fingerprint,
    'Windows',
    'macOS',
    'iPhone',
    'Android',
    '鸿蒙',
    'Firefox',
    '指纹',
    'fingerprint',
    'https://crm.shop.lan:7410',
  ])
    expect(page).toContain(word)
  expect(page).not.toMatch(/<script|style=/)
  expect((await ask('/ca')).headers['content-security-policy']).toContain("default-src 'none'")
  expect((await ask('/ca.key')).status).toBe(308)
})
