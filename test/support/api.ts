/** A client of the HTTP API as an outside program would write it: keeps the cookie, the CSRF token and the newest position it was told. */
export type Api = {
  readonly url: string
  /** Signs in; later calls carry the session. Throws with the problem's code when refused. */
  signIn: (login: string, password: string) => Promise<void>
  /** Sends a request and returns status, parsed body and headers; never throws on a refusal. */
  send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  /** Sends a request and returns the body; throws `Error('<status> <code> <path>')` unless the status is 2xx. */
  call: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>
  /** Fetches a file and returns its bytes; throws as `call` does. */
  bytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>
}

export type Answer = { readonly status: number; readonly body: unknown; readonly headers: Headers }

/** Returns a client without a session. */
export const apiClient = (url: string): Api => {
  let cookie = ''
  let csrfToken = ''
  let position = 0

  const send: Api['send'] = async (method, path, body, headers = {}) => {
    const raw = body instanceof Uint8Array
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
        ...(cookie ? { cookie } : {}),
        ...(csrfToken && method !== 'GET' ? { 'x-csrf-token': csrfToken } : {}),
        ...(position ? { 'x-anechoic-position': String(position) } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    })
    const set = response.headers.getSetCookie()[0]?.split(';')[0]
    if (set) cookie = set
    position = Math.max(position, Number(response.headers.get('x-anechoic-position') ?? 0))
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, body: json && text ? JSON.parse(text) : text, headers: response.headers }
  }

  const call: Api['call'] = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body)
    if (answer.status >= 200 && answer.status < 300) return answer.body as T
    throw new Error(`${answer.status} ${(answer.body as { code?: string }).code ?? ''} ${method} ${path}`)
  }

  const signIn: Api['signIn'] = async (login, password) => {
    csrfToken = (await call<{ csrfToken: string }>('POST', '/api/session', { login, password })).csrfToken
  }

  const bytes: Api['bytes'] = async (path) => {
    const response = await fetch(url + path, { headers: { cookie } })
    if (!response.ok) throw new Error(`${response.status} GET ${path}`)
    return new Uint8Array(await response.arrayBuffer())
  }

  return { url, signIn, send, call, bytes }
}
