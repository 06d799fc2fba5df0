import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Authority } from '../tls/localCa.ts'
import { caPage, caStyle } from './caHelp.ts'
import { connectionLimits, limitConnections, listenerLimits } from './listener.ts'

type Options = {
  readonly host: string
  readonly port: number
  /** Where everything else is sent: `https://name[:port]`. */
  readonly origin: string
  /** Key authorizations by token, for ACME's http-01. */
  readonly answers: ReadonlyMap<string, string>
  readonly authority: Authority | null
}

type Page = { readonly type: string; readonly body: string | Uint8Array; readonly name?: string }

const challenge = /^\/\.well-known\/acme-challenge\/([\w-]{1,128})$/

/** What is served in the clear: nothing that is anybody's secret. Null: to be sent on. */
const pageAt = (path: string, { answers, authority, origin }: Options): Page | null => {
  const answer = answers.get(challenge.exec(path)?.[1] ?? '')
  if (answer !== undefined) return { type: 'application/octet-stream', body: answer }
  return authority === null ? null : authorityPage(path, authority, origin)
}

/** The local authority's certificate, and the page that helps to install it; null for other paths. Served in the clear and over TLS alike. */
export const authorityPage = (path: string, authority: Authority, origin: string): Page | null => {
  if (path === '/ca') return { type: 'text/html; charset=utf-8', body: caPage(authority, origin) }
  if (path === '/ca.css') return { type: 'text/css; charset=utf-8', body: caStyle }
  if (path === '/ca.crt') return { type: 'application/x-x509-ca-cert', body: authority.der, name: 'anechoic-ca.crt' }
  return null
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
}

const answer = (request: IncomingMessage, response: ServerResponse, options: Options): void => {
  const url = request.url ?? ''
  const end = (status: number, more: Record<string, string> = {}, body: string | Uint8Array = ''): void =>
    void response
      .writeHead(status, { ...headers, ...more, 'content-length': Buffer.byteLength(body) })
      .end(request.method === 'HEAD' ? '' : body)
  // A write has been sent in the clear by now, with whatever was in it: it is not sent on, so that somebody notices.
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(405, { allow: 'GET, HEAD', connection: 'close' })
  const page = pageAt(url.split('?')[0] ?? '', options)
  if (page)
    return end(
      200,
      { 'content-type': page.type, ...(page.name ? { 'content-disposition': `attachment; filename="${page.name}"` } : {}) },
      page.body,
    )
  if (url.startsWith('/.well-known/acme-challenge/')) return end(404)
  // Always to our own name, never to one the request brings; a path that is none leads to the start page.
  const path = /^\/[\w!$&'()*+,;=:@./?%~-]*$/.test(url) && url.length <= 2_048 ? url : '/'
  return end(308, { location: `${options.origin}${path}` })
}

/**
 * Listens for plain HTTP: answers ACME's challenge, hands out the local authority's certificate with its help page, and sends everything else to the TLS listener's
 * name. Returns its port and how to close it. Throws the system's error when it cannot listen.
 */
export const openPlainListener = async (options: Options): Promise<{ port: number; close: () => Promise<void> }> => {
  const server = createServer({ ...listenerLimits, keepAliveTimeout: 5_000, requestTimeout: 30_000 }, (request, response) =>
    answer(request, response, options),
  )
  server.maxConnections = connectionLimits.all
  limitConnections(server, 100, () => false)
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
