import { type Outgoing, sendOutgoing } from './sendOutgoing.ts'

type Asked = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>> | Headers
  readonly body?: string | URLSearchParams | null | undefined
}

const empty = new Set([204, 205, 304])

/**
 * `sendOutgoing` in the shape of `fetch`, for libraries that take one (openid-client's `customFetch`): the same guard, and neither redirects nor
 * anything else of `init` but method, headers and a text body. Throws as `sendOutgoing`.
 */
export const outgoingFetch =
  (options: Omit<Outgoing, 'url' | 'method' | 'headers' | 'body'>) =>
  async (url: string | URL, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Response> => {
    const answer = await sendOutgoing({
      ...options,
      url: String(url),
      method,
      headers: headers instanceof Headers ? Object.fromEntries(headers) : headers,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    })
    const sent = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      [value ?? []].flat().map((one) => [name, one]),
    )
    return new Response(empty.has(answer.status) ? null : answer.body, { status: answer.status, headers: sent })
  }
