import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { AppError } from '../../domain/errors.ts'
import { readUrl } from './readUrl.ts'
import { type Resolve, resolveTarget, type Target } from './resolveTarget.ts'
import { tlsProblem } from './tlsProblem.ts'

export type Outgoing = {
  /** As it was entered or configured. */
  readonly url: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** A certificate authority of one's own, PEM, in place of the public ones. */
  readonly ca?: string
  /** Milliseconds for the whole exchange; default 5 s. */
  readonly timeoutMs?: number
  /** Bytes of an answer that are read; default 64 KiB. */
  readonly longestAnswer?: number
  /** Places the owner has named in the configuration: `host` or `host:port`. */
  readonly allow?: readonly string[]
  /** For tests: what names stand for. */
  readonly resolve?: Resolve
}

/** What came back, whatever its status: a redirect is an answer like any other and is followed by nobody. */
export type OutgoingAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

const failed = (problem: string, cause?: unknown): AppError => new AppError('outgoing_failed', { problem }, { cause })

/** A `lookup` for sockets that knows one answer, so that nothing is resolved a second time. */
export const fixedLookup = ({ addresses }: Pick<Target, 'addresses'>): LookupFunction =>
  ((_host, options, callback) => {
    const [first] = addresses
    if (options.all) return callback(null, [...addresses])
    return callback(null, first!.address, first!.family)
  }) as LookupFunction

/**
 * The one way out of the house over HTTP: to any address that a user entered or the owner configured. `https:` only, to public addresses or places the
 * owner allowed, resolved once; certificate and host name verified; TLS 1.2 at least; no redirects; bounded in time and bytes; no connection kept.
 * Returns the answer. Throws `outgoing_refused` for an address that is not gone to, `outgoing_failed` (`name`, `connection`, `certificate`, `timeout`, `answer_too_long`).
 */
export const sendOutgoing = async (outgoing: Outgoing): Promise<OutgoingAnswer> => {
  const { timeoutMs = 5_000, body = '', resolve } = outgoing
  const url = readUrl(outgoing.url)
  const signal = AbortSignal.timeout(timeoutMs)
  const target = await resolveTarget(url.hostname, Number(url.port || 443), {
    ...(outgoing.allow === undefined ? {} : { allow: outgoing.allow }),
    ...(resolve === undefined ? {} : { resolve }),
  })
  return exchange(outgoing, url, target, body, signal)
}

const exchange = (outgoing: Outgoing, url: URL, target: Target, body: string, signal: AbortSignal): Promise<OutgoingAnswer> =>
  new Promise((resolve, reject) => {
    const longest = outgoing.longestAnswer ?? 65_536
    const sent = request(
      url,
      {
        method: outgoing.method ?? 'GET',
        signal,
        agent: false,
        lookup: fixedLookup(target),
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
        ...(outgoing.ca === undefined ? {} : { ca: outgoing.ca }),
        headers: { ...outgoing.headers, ...(body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
      },
      (response) => {
        const chunks: Buffer[] = []
        let length = 0
        response.on('data', (chunk: Buffer) => {
          length += chunk.length
          if (length <= longest) return void chunks.push(chunk)
          reject(failed('answer_too_long'))
          response.destroy()
        })
        response.on('error', (error) => reject(failed(signal.aborted ? 'timeout' : 'connection', error)))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }),
        )
      },
    )
    sent.on('error', (error) => reject(failed(signal.aborted ? 'timeout' : tlsProblem((error as NodeJS.ErrnoException).code), error)))
    sent.end(body)
  })
