import { request } from 'node:http'
import { cookieName } from '../http/kernel.ts'
import { Refusal } from './refusal.ts'

export type Answer = { readonly status: number; readonly body: unknown; readonly text: string }

/** A client of one server over its local socket: the same HTTP API, with one session. */
export type Client = {
  /** Sends a request; never throws on a refusal of the server. Throws the socket's error when nobody listens. */
  send: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** Sends a request and returns the body. Throws `Refusal` with the problem's code and details. */
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>
  signIn: (login: string, password: string, code?: string) => Promise<void>
  signOut: () => Promise<void>
}

/** Returns a client of the socket at `socketPath`. Nothing connects before the first request. */
export const socketClient = (socketPath: string): Client => {
  let cookie = ''
  let csrf = ''
  const send: Client['send'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const raw = body instanceof Uint8Array
      const bytes = body === undefined ? undefined : raw ? body : Buffer.from(JSON.stringify(body))
      const headers: Record<string, string> = { host: 'localhost' }
      if (bytes)
        Object.assign(headers, {
          'content-type': raw ? 'application/octet-stream' : 'application/json',
          'content-length': String(bytes.length),
        })
      if (cookie) headers['cookie'] = cookie
      if (csrf && method !== 'GET') headers['x-csrf-token'] = csrf
      const sent = request({ socketPath, method, path, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const set = answer.headers['set-cookie']?.find((line) => line.startsWith(`${cookieName(false)}=`))
          if (set) cookie = set.split(';')[0] ?? ''
          const text = Buffer.concat(chunks).toString('utf8')
          const isJson = answer.headers['content-type']?.includes('json') ?? false
          resolve({ status: answer.statusCode ?? 0, text, body: isJson && text ? (JSON.parse(text) as unknown) : null })
        })
      })
      sent.on('error', reject)
      sent.end(bytes)
    })
  const call: Client['call'] = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body)
    if (answer.status >= 200 && answer.status < 300) return answer.body as T
    const problem = (answer.body ?? {}) as { code?: string; details?: Record<string, unknown>; requestId?: string }
    throw new Refusal(problem.code ?? `http_${answer.status}`, {
      ...problem.details,
      ...(problem.requestId ? { requestId: problem.requestId } : {}),
    })
  }
  const signIn: Client['signIn'] = async (login, password, code) => {
    csrf = (await call<{ csrfToken: string }>('POST', '/api/session', { login, password, ...(code ? { code } : {}) })).csrfToken
  }
  const signOut = async (): Promise<void> => {
    if (csrf) await send('DELETE', '/api/session').catch(() => null)
  }
  return { send, call, signIn, signOut }
}
