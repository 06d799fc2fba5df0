import type { LightMyRequestResponse } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import type { TestApp } from './app.ts'

/** A browser as a server sees it: cookies that it keeps, and the CSRF token its page was told. */
export const openBrowser = (
  it: TestApp,
  userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
) => {
  const jar = new Map<string, string>()
  let csrfToken: string | null = null

  const keep = (answer: LightMyRequestResponse): void => {
    for (const cookie of answer.cookies as { name: string; value: string; maxAge?: number }[])
      if (cookie.maxAge === 0) jar.delete(cookie.name)
      else jar.set(cookie.name, cookie.value)
    if (answer.statusCode !== 200 || !answer.headers['content-type']?.toString().includes('json')) return
    const body = answer.json<{ csrfToken?: string } | null>()
    if (body?.csrfToken) ({ csrfToken } = body as { csrfToken: string })
  }

  const ask = async (method: string, url: string, body?: unknown): Promise<LightMyRequestResponse> => {
    const answer = await it.app.inject({
      method: method as 'GET',
      url,
      headers: {
        'user-agent': userAgent,
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(csrfToken === null ? {} : { 'x-csrf-token': csrfToken }),
      },
      ...(body === undefined ? {} : { payload: body as object }),
    })
    keep(answer)
    return answer
  }

  const json = async <T>(method: string, url: string, body?: unknown): Promise<T> => {
    const answer = await ask(method, url, body)
    if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${answer.body}`)
    return answer.json<T>()
  }

  /** Returns the refusal's code, or the status of an answer that is none. */
  const code = async (method: string, url: string, body?: unknown): Promise<string | number> => {
    const answer = await ask(method, url, body)
    return answer.statusCode >= 300 ? answer.json<{ code: string }>().code : answer.statusCode
  }
  return { ask, json, code, jar }
}

/** Returns the code an authenticator app shows, `steps` of 30 seconds from now. */
export const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({ timestamp: Date.now() + steps * 30_000 })
