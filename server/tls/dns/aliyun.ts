import { createHash, createHmac, randomBytes } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { sendOutgoing } from '../../outgoing/sendOutgoing.ts'
import { type DnsAccount, type DnsProvider, recordTtl } from './dnsProvider.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

// RFC 3986, as the signature wants it: encodeURIComponent leaves five characters more as they are.
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)

/** A call of an RPC-style API: everything is in the query, the body is empty. */
export type AliyunCall = {
  readonly host: string
  readonly action: string
  readonly version: string
  readonly query: Readonly<Record<string, string>>
  readonly date: Date
  readonly nonce: string
}

/** The query and headers of a signed call (Alibaba Cloud: "V3 request body and signature mechanism", ACS3-HMAC-SHA256). */
export const signAliyun = (
  call: AliyunCall,
  { id, secret }: Pick<DnsAccount, 'id' | 'secret'>,
): { query: string; headers: Record<string, string> } => {
  const query = Object.entries(call.query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
  const signed: Record<string, string> = {
    host: call.host,
    'x-acs-action': call.action,
    'x-acs-content-sha256': sha256(''),
    'x-acs-date': `${call.date.toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': call.nonce,
    'x-acs-version': call.version,
  }
  const names = Object.keys(signed).toSorted()
  const canonical = ['POST', '/', query, ...names.map((name) => `${name}:${signed[name]}`), '', names.join(';'), sha256('')].join('\n')
  const signature = createHmac('sha256', secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  const authorization = `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { query, headers: { ...signed, authorization } }
}

const failed = (problem: string): AppError => new AppError('outgoing_failed', { problem })

/** Aliyun DNS (云解析, API 2015-01-09: AddDomainRecord, DeleteDomainRecord). Tested against a stand-in that checks the signature; the service itself has not been asked. */
export const aliyunDns = (account: DnsAccount): DnsProvider => {
  const endpoint = new URL(account.endpoint ?? 'https://alidns.aliyuncs.com')
  const call = async (action: string, query: Record<string, string>): Promise<Record<string, unknown>> => {
    const signed = signAliyun(
      { host: endpoint.host, action, version: '2015-01-09', query, date: new Date(), nonce: randomBytes(16).toString('hex') },
      account,
    )
    const { status, body } = await sendOutgoing({
      url: `${endpoint.origin}/?${signed.query}`,
      method: 'POST',
      headers: { ...signed.headers, accept: 'application/json' },
      timeoutMs: 15_000,
      ...(account.ca === undefined ? {} : { ca: account.ca }),
      ...(account.allow === undefined ? {} : { allow: account.allow }),
    })
    let answer: Record<string, unknown> | null = null
    try {
      answer = JSON.parse(body) as Record<string, unknown> | null
    } catch {
      // said below
    }
    if (status === 200 && answer) return answer
    // The provider's code says what is wrong (Forbidden.RAM, InvalidDomainName.NoExist); its message may hold what was sent.
    const code = answer?.['Code']
    throw failed(typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? `aliyun_${code}` : `aliyun_status_${status}`)
  }
  return {
    present: async (name, value) => {
      const answer = await call('AddDomainRecord', {
        DomainName: account.zone,
        RR: name,
        Type: 'TXT',
        Value: value,
        TTL: String(recordTtl),
      })
      const id = answer['RecordId']
      if (typeof id !== 'string' || !/^\w{1,64}$/.test(id)) throw failed('aliyun_answer')
      return id
    },
    cleanUp: async (id) => void (await call('DeleteDomainRecord', { RecordId: id })),
  }
}
