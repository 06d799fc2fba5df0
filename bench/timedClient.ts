import { Agent, type IncomingHttpHeaders, request } from 'node:http'

/** A request as the benchmark sends it: the same to product and twin. */
export type Ask = {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer, and how long it took from sending to its last byte, in milliseconds. */
export type Timed = { readonly ms: number; readonly status: number; readonly text: string; readonly headers: IncomingHttpHeaders }

/** Sends requests over kept-alive connections to one server, with a session. `send` throws unless the answer is 2xx. */
export type TimedClient = { readonly send: (ask: Ask) => Promise<Timed>; readonly close: () => void }

/** Opens a client. `node:http` rather than `fetch`: it adds a third of the time, and the time is what is measured. */
export const openTimedClient = (port: number, headers: Readonly<Record<string, string>>, sockets = 1): TimedClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, scheduling: 'fifo', keepAliveMsecs: 60_000 })
  const once = ({ method, path, body, headers: more }: Ask): Promise<Timed> =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? null : Buffer.from(JSON.stringify(body))
      const sent = performance.now()
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          agent,
          headers: {
            host: `localhost:${port}`,
            ...headers,
            ...more,
            ...(payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {}),
          },
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            const ms = performance.now() - sent
            const text = Buffer.concat(chunks).toString('utf8')
            const status = answer.statusCode ?? 0
            if (status < 200 || status > 299) return reject(new Error(`${status} ${method} ${path.split('?')[0]} ${text.slice(0, 300)}`))
            resolve({ ms, status, text, headers: answer.headers })
          })
        },
      )
      asked.on('error', reject)
      asked.end(payload ?? undefined)
    })
  return { send: once, close: () => agent.destroy() }
}
