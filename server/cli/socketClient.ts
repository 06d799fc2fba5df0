import { request } from 'node:http'
import type { Readable } from 'node:stream'
import { cookieName } from '../http/kernel.ts'
import { Refusal } from './refusal.ts'

export type Answer = { readonly status: number; readonly body: unknown; readonly text: string }

/** A client of one server over its local socket: the same HTTP API, with one session. */
export type Client = {
  /** Sends a request; never throws on a refusal of the server. Throws the socket's error when nobody listens. */
  send: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** Sends a request and returns the body. Throws `Refusal` with the problem's code and details. */
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>
  /** Sends a file's bytes as they are read, and returns the answer's body. Throws as `call` does. */
  upload: <T>(path: string, file: Readable) => Promise<T>
  /** Sends a request and returns the answer's bytes as they come. Throws as `call` does. */
  download: (method: string, path: string) => Promise<Readable>
  signIn: (login: string, password: string, code?: string) => Promise<void>
  /** Asks by a program's token from now on. */
  useToken: (token: string) => Promise<void>
  signOut: () => Promise<void>
}

/** Returns a client of the socket at `socketPath`. Nothing connects before the first request. */
export const socketClient = (socketPath: string): Client => {
  let cookie = ''
  let csrf = ''
  let token = ''
  const headersOf = (method: string): Record<string, string> => ({
    host: 'localhost',
    ...(cookie ? { cookie } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(csrf && method !== 'GET' ? { 'x-csrf-token': csrf } : {}),
  })
  const exchange = (method: string, path: string, json: unknown, file: Readable | null): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const bytes = json === undefined ? undefined : Buffer.from(JSON.stringify(json))
      const headers = headersOf(method)
      if (file) headers['content-type'] = 'application/octet-stream'
      if (bytes) Object.assign(headers, { 'content-type': 'application/json', 'content-length': String(bytes.length) })
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
      if (!file) return void sent.end(bytes)
      file.on('error', (error) => {
        sent.destroy()
        reject(error)
      })
      file.pipe(sent)
    })
  const send: Client['send'] = (method, path, body) => exchange(method, path, body, null)
  const bodyOf = <T>(answer: Answer): T => {
    if (answer.status >= 200 && answer.status < 300) return answer.body as T
    const problem = (answer.body ?? {}) as { code?: string; details?: Record<string, unknown>; requestId?: string }
    throw new Refusal(problem.code ?? `http_${answer.status}`, {
      ...problem.details,
      ...(problem.requestId ? { requestId: problem.requestId } : {}),
    })
  }
  const call: Client['call'] = async <T>(method: string, path: string, body?: unknown) => bodyOf<T>(await send(method, path, body))
  const upload: Client['upload'] = async <T>(path: string, file: Readable) => bodyOf<T>(await exchange('POST', path, undefined, file))
  const download: Client['download'] = (method, path) =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath, method, path, headers: headersOf(method) }, (answer) => {
        const status = answer.statusCode ?? 0
        if (status >= 200 && status < 300) return resolve(answer)
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => (text += part))
        answer.on('error', reject)
        answer.on('end', () => {
          const isJson = answer.headers['content-type']?.includes('json') ?? false
          try {
            bodyOf({ status, text, body: isJson ? (JSON.parse(text) as unknown) : null })
          } catch (error) {
            reject(error as Error)
          }
        })
      })
      sent.on('error', reject)
      sent.end()
    })
  const signIn: Client['signIn'] = async (login, password, code) => {
    csrf = (await call<{ csrfToken: string }>('POST', '/api/session', { login, password, ...(code ? { code } : {}) })).csrfToken
  }
  const signOut = async (): Promise<void> => {
    if (csrf) await send('DELETE', '/api/session').catch(() => null)
  }
  const useToken = async (given: string): Promise<void> => void (token = given)
  return { send, call, upload, download, signIn, useToken, signOut }
}
