import type { FastifyServerFactory } from 'fastify'
import type { Server as PlainServer } from 'node:http'
import { createServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { KeyPair, LiveCertificate } from '../tls/liveCertificate.ts'
import { networkOf } from './peer.ts'

/**
 * What a listener lets anybody take of it. Times in milliseconds, sizes in bytes. Headers have 15 s to come (slowloris; OWASP Denial of Service), a request as a whole
 * half an hour (an upload of 512 MB over a slow line; other bodies are bounded where routes are mounted).
 */
export const listenerLimits = {
  maxHeaderSize: 16_384,
  headersTimeout: 15_000,
  requestTimeout: 1_800_000,
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 5_000,
} as const
/** Connections open at once, and of them from one address: a shop of 300 behind one router, with several each, fits. */
export const connectionLimits = { all: 4_000, perAddress: 1_000 } as const
/** Milliseconds a TLS handshake may take. */
const handshakeTimeout = 10_000

/**
 * TLS 1.3, and 1.2 with forward secrecy and authenticated encryption only (RFC 9325; Mozilla's intermediate list without what is not AEAD).
 * The hybrid group keeps what is recorded today from being read by tomorrow's machines.
 */
export const tlsOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  ecdhCurve: 'X25519MLKEM768:X25519:P-256:P-384',
  honorCipherOrder: true,
} as const satisfies SecureContextOptions

const contextOf = ({ certificate, key }: KeyPair): SecureContextOptions => ({ ...tlsOptions, cert: certificate, key })

/** Refuses more connections from one address than `perAddress`; `exempt` are the owner's proxies, behind which everybody has one address. */
export const limitConnections = (server: Server, perAddress: number, exempt: (address: string) => boolean): void => {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket
    if (remoteAddress === undefined || exempt(remoteAddress)) return
    const address = networkOf(remoteAddress)
    const count = (open.get(address) ?? 0) + 1
    if (count > perAddress) return void socket.destroy()
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
  })
}

/** Makes the server of a TLS listener: its certificate is swapped under it whenever a new one comes, without ending a connection. */
export const tlsServerFactory =
  (live: LiveCertificate): FastifyServerFactory =>
  (handler) => {
    const pair = live.current()
    if (pair === null) throw new Error('no certificate yet')
    const server = createServer({ ...contextOf(pair), ...listenerLimits, handshakeTimeout, ALPNProtocols: ['http/1.1'] }, handler)
    live.onChange((next) => server.setSecureContext(contextOf(next)))
    return server as unknown as PlainServer
  }
