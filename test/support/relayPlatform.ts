import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type RelayRequest = { method: string; url: string; headers: Record<string, unknown>; body: string }
export type RelayAnswer = { status: number; body: string; headers?: Record<string, string>; hangs?: boolean }

/** A platform for relayed calls that is none: it answers what it is told to, over TLS, and remembers what it was asked. */
export type RelayPlatform = {
  readonly url: string
  /** PEM of its certificate authority, and where that lies. */
  readonly ca: string
  readonly caFile: string
  readonly seen: RelayRequest[]
  answer: RelayAnswer
  readonly close: () => Promise<void>
}

/** Starts the stand-in on a free port of this machine. */
export const openRelayPlatform = async (): Promise<RelayPlatform> => {
  const folder = mkdtempSync(join(tmpdir(), 'anechoic-relay-'))
  // The account that a server started by root runs as reads the certificate.
  chmodSync(folder, 0o755)
  const [key, caFile] = [join(folder, 'key.pem'), join(folder, 'crt.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  spawnSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', caFile])
  const ca = readFileSync(caFile, 'utf8')
  const seen: RelayRequest[] = []
  const server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      const { status, headers, body: text, hangs } = platform.answer
      if (!hangs) response.writeHead(status, headers).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const platform: RelayPlatform = {
    url: `https://localhost:${(server.address() as AddressInfo).port}/v1`,
    ca,
    caFile,
    seen,
    answer: { status: 201, body: '{}' },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return platform
}
