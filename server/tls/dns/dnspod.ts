import { createHash, createHmac } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { sendOutgoing } from '../../outgoing/sendOutgoing.ts'
import { type DnsAccount, type DnsProvider, recordTtl } from './dnsProvider.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** A call of Tencent Cloud's API 3.0: JSON in the body. */
export type TencentCall = { readonly host: string; readonly service: string; readonly body: string; readonly date: Date }

/** The `Authorization` of a call, over content type, host and body (Tencent Cloud: "Signature v3", TC3-HMAC-SHA256). */
export const signTencent = ({ host, service, body, date }: TencentCall, { id, secret }: Pick<DnsAccount, 'id' | 'secret'>): string => {
  const names = 'content-type;host'
  const headers = ['content-type:application/json; charset=utf-8', `host:${host}`, '']
  const canonical = ['POST', '/', '', ...headers, names, sha256(body)].join('\n')
  const [day, seconds] = [date.toISOString().slice(0, 10), Math.floor(date.getTime() / 1000)]
  const scope = `${day}/${service}/tc3_request`
  const key = hmac(hmac(hmac(`TC3${secret}`, day), service), 'tc3_request')
  const signature = hmac(key, ['TC3-HMAC-SHA256', seconds, scope, sha256(canonical)].join('\n')).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`
}

const failed = (problem: string): AppError => new AppError('outgoing_failed', { problem })

type Response = { RecordId?: unknown; Error?: { Code?: unknown } }

const responseOf = (body: string): Response | null => {
  try {
    return (JSON.parse(body) as { Response?: Response } | null)?.Response ?? null
  } catch {
    return null
  }
}

/** DNSPod (API 2021-03-23: CreateRecord, DeleteRecord). Tested against a stand-in that checks the signature; the service itself has not been asked. */
export const dnspodDns = (account: DnsAccount): DnsProvider => {
  const endpoint = new URL(account.endpoint ?? 'https://dnspod.tencentcloudapi.com')
  const call = async (action: string, parameters: object): Promise<Response> => {
    const [body, date] = [JSON.stringify(parameters), new Date()]
    const answer = await sendOutgoing({
      url: `${endpoint.origin}/`,
      method: 'POST',
      headers: {
        authorization: signTencent({ host: endpoint.host, service: 'dnspod', body, date }, account),
        'content-type': 'application/json; charset=utf-8',
        host: endpoint.host,
        'x-tc-action': action,
        'x-tc-timestamp': String(Math.floor(date.getTime() / 1000)),
        'x-tc-version': '2021-03-23',
      },
      body,
      timeoutMs: 15_000,
      ...(account.ca === undefined ? {} : { ca: account.ca }),
      ...(account.allow === undefined ? {} : { allow: account.allow }),
    })
    const response = responseOf(answer.body)
    const code = response?.Error?.Code
    // The code says what is wrong (AuthFailure.SignatureFailure); errors come with status 200 as well.
    if (typeof code === 'string') throw failed(`dnspod_${/^[\w.-]{1,64}$/.test(code) ? code : 'error'}`)
    if (answer.status !== 200 || response === null) throw failed(`dnspod_status_${answer.status}`)
    return response
  }
  return {
    present: async (name, value) => {
      const { RecordId } = await call('CreateRecord', {
        Domain: account.zone,
        SubDomain: name,
        RecordType: 'TXT',
        // The line for everybody; DNSPod names it so in every language.
        RecordLine: '默认',
        Value: value,
        TTL: recordTtl,
      })
      if (typeof RecordId !== 'number' || !Number.isSafeInteger(RecordId)) throw failed('dnspod_answer')
      return String(RecordId)
    },
    cleanUp: async (id) => void (await call('DeleteRecord', { Domain: account.zone, RecordId: Number(id) })),
  }
}
