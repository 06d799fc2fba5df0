import { createHash, createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Certificates, makeCertificates } from '../../../test/support/certificates.ts'
import { aliyunDns, signAliyun } from './aliyun.ts'
import { dnspodDns, signTencent } from './dnspod.ts'

/**
 * The other side is a stand-in that this test starts: neither provider has been asked. It works out the signature by itself, from what arrived on the line,
 * and the vectors below are those of the providers' own documentation.
 */
let made: Certificates
let server: Server
let endpoint = ''
type Seen = { url: URL; headers: Record<string, string>; body: string }
const seen: Seen[] = []
let answer: (seen: Seen) => { status: number; body: unknown }

beforeAll(async () => {
  made = await makeCertificates()
  server = createServer({ key: made.good.key, cert: made.good.certificate }, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      const one = { url: new URL(request.url ?? '', 'https://x'), headers: request.headers as Record<string, string>, body }
      seen.push(one)
      const { status, body: sent } = answer(one)
      response.writeHead(status).end(typeof sent === 'string' ? sent : JSON.stringify(sent))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `https://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => void (seen.length = 0))

const account = () => ({ id: 'LTAItest', secret: 'geheim', zone: 'dealer.example', endpoint, ca: made.ca, allow: [new URL(endpoint).host] })
const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const failure = (problem: string) => expect.objectContaining({ code: 'outgoing_failed', details: { problem } })

test('the vector of Alibaba Cloud’s documentation of the V3 signature', () => {
  const { headers } = signAliyun(
    {
      host: 'ecs.cn-shanghai.aliyuncs.com',
      action: 'RunInstances',
      version: '2014-05-26',
      query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
      date: new Date('2023-10-26T10:22:32Z'),
      nonce: '3156853299f313e23d1673dc12e1703d',
    },
    { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' },
  )
  expect(headers['authorization']).toContain('Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0')
})

test('the vector of Tencent Cloud’s documentation of signature v3', () => {
  const authorization = signTencent(
    {
      host: 'cvm.tencentcloudapi.com',
      service: 'cvm',
      body: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
      date: new Date(1_551_113_065_000),
    },
    { id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secret: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' },
  )
  expect(authorization).toContain('Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168')
})

/** What Aliyun works out from the request as it arrived. */
const isAliyunSigned = ({ url, headers, body }: Seen): boolean => {
  const [, id, names = '', signature] =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]+)$/.exec(headers['authorization'] ?? '') ?? []
  const canonical = `POST\n/\n${url.search.slice(1)}\n${names
    .split(';')
    .map((name) => `${name}:${headers[name]}\n`)
    .join('')}\n${names}\n${sha(body)}`
  const expected = createHmac('sha256', 'geheim')
    .update(`ACS3-HMAC-SHA256\n${sha(canonical)}`)
    .digest('hex')
  const isFresh = Math.abs(Date.parse(headers['x-acs-date'] ?? '') - Date.now()) < 900_000
  return id === 'LTAItest' && signature === expected && isFresh && headers['x-acs-content-sha256'] === sha(body) && body === ''
}

test('Aliyun: adds a TXT record and removes it, each call signed and with a nonce of its own', async () => {
  answer = (one) =>
    isAliyunSigned(one)
      ? { status: 200, body: { RequestId: 'r', RecordId: '999985' } }
      : { status: 400, body: { Code: 'SignatureDoesNotMatch' } }
  const dns = aliyunDns(account())
  const id = await dns.present('_acme-challenge.crm', "a-b_c~d*e'f(g)=")
  expect(id).toBe('999985')
  expect(Object.fromEntries(seen[0]!.url.searchParams)).toEqual({
    DomainName: 'dealer.example',
    RR: '_acme-challenge.crm',
    Type: 'TXT',
    Value: "a-b_c~d*e'f(g)=",
    TTL: '600',
  })
  await dns.cleanUp(id)
  expect(seen.map(({ headers }) => headers['x-acs-action'])).toEqual(['AddDomainRecord', 'DeleteDomainRecord'])
  expect(new Set(seen.map(({ headers }) => headers['x-acs-signature-nonce'])).size).toBe(2)
  await expect(aliyunDns({ ...account(), secret: 'falsch' }).present('x', 'y')).rejects.toThrow(failure('aliyun_SignatureDoesNotMatch'))
})

/** What Tencent Cloud works out from the request as it arrived. */
const isTencentSigned = ({ headers, body }: Seen): boolean => {
  const [, id, day = '', service = '', names = '', signature] =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/([\d-]+)\/(\w+)\/tc3_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]+)$/.exec(
      headers['authorization'] ?? '',
    ) ?? []
  const canonical = `POST\n/\n\n${names
    .split(';')
    .map((name) => `${name}:${headers[name]}\n`)
    .join('')}\n${names}\n${sha(body)}`
  const text = `TC3-HMAC-SHA256\n${headers['x-tc-timestamp']}\n${day}/${service}/tc3_request\n${sha(canonical)}`
  let key = Buffer.from('TC3geheim')
  for (const part of [day, service, 'tc3_request']) key = createHmac('sha256', key).update(part).digest()
  const isFresh = Math.abs(Number(headers['x-tc-timestamp']) * 1000 - Date.now()) < 300_000
  return id === 'LTAItest' && service === 'dnspod' && signature === createHmac('sha256', key).update(text).digest('hex') && isFresh
}

test('DNSPod: adds a TXT record and removes it, each call signed', async () => {
  answer = (one) => ({
    status: 200,
    body: {
      Response: isTencentSigned(one)
        ? { RequestId: 'r', RecordId: 162 }
        : { Error: { Code: 'AuthFailure.SignatureFailure', Message: 'geheim' } },
    },
  })
  const dns = dnspodDns(account())
  const id = await dns.present('_acme-challenge.crm', 'abc')
  expect(id).toBe('162')
  await dns.cleanUp(id)
  expect(seen.map(({ headers }) => [headers['x-tc-action'], headers['x-tc-version']])).toEqual([
    ['CreateRecord', '2021-03-23'],
    ['DeleteRecord', '2021-03-23'],
  ])
  expect(seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { Domain: 'dealer.example', SubDomain: '_acme-challenge.crm', RecordType: 'TXT', RecordLine: '默认', Value: 'abc', TTL: 600 },
    { Domain: 'dealer.example', RecordId: 162 },
  ])
  await expect(dnspodDns({ ...account(), secret: 'falsch' }).present('x', 'y')).rejects.toThrow(
    failure('dnspod_AuthFailure.SignatureFailure'),
  )
})

test.each([
  [500, 'oops', 'status_500'],
  [200, 'oops', 'status_200'],
  [200, '{}', 'answer'],
])('an answer %d %s is no record', async (status, body, problem) => {
  answer = () => ({ status, body: body === '{}' ? { Response: {} } : body })
  await expect(aliyunDns(account()).present('x', 'y')).rejects.toThrow(failure(`aliyun_${problem}`))
  await expect(dnspodDns(account()).present('x', 'y')).rejects.toThrow(failure(`dnspod_${problem}`))
})
