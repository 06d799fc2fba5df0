import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import { publicOrigin } from './config/publicOrigin.ts'
import type { KernelOptions } from './http/kernel.ts'
import type { Log } from './http/log.ts'
import { authorityPage, openPlainListener } from './http/plainListener.ts'
import { mountWebClient } from './http/webClient.ts'
import type { Transit } from './openTransit.ts'

type Options = {
  readonly config: Config
  readonly transit: Transit
  /** Makes an app with all routes. */
  readonly open: (more: Partial<KernelOptions>) => Promise<FastifyInstance>
  /** The built web client. */
  readonly pages: string
  readonly log: Log
  /** Remembers what is to be undone at the stop. */
  readonly undo: (step: () => Promise<unknown>) => void
}

/** Names this server answers to: this machine's own, what it listens on, and what people type. */
export const hostsOf = ({ host, publicNames }: Pick<Config, 'host' | 'publicNames'>): string[] =>
  ['localhost', '127.0.0.1', '::1', host, ...publicNames].map((name) => (name.includes(':') ? `[${name}]` : name))

/**
 * Listens on the configured address and port, over TLS where it is configured, and beside it in the clear for those who come to the wrong door. Returns the
 * address to tell people. While the first certificate is still on its way, pages are served from the moment it is there. Throws the system's error.
 */
export const openListeners = async ({ config, transit, open, pages, log, undo }: Options): Promise<string> => {
  const { certificate, authority, answers } = transit
  // One address only where TLS is served on loopback: Fastify binds the second one of `localhost` to plain servers alone.
  const host = certificate && config.host === 'localhost' ? '127.0.0.1' : config.host
  const listen = async (): Promise<number> => {
    const app = await open(certificate ? { certificate } : {})
    if (authority) {
      for (const path of ['/ca', '/ca.css', '/ca.crt'])
        app.get(path, async (_request, reply) => {
          const page = authorityPage(path, authority, publicOrigin(config).origin)!
          if (page.name) reply.header('content-disposition', `attachment; filename="${page.name}"`)
          return reply.type(page.type).send(page.body)
        })
    }
    await mountWebClient(app, pages)
    await app.listen({ port: config.port, host })
    const address = app.server.address()
    return typeof address === 'object' && address ? address.port : config.port
  }
  if (certificate && config.httpPort !== null) {
    const plain = await openPlainListener({ host, port: config.httpPort, origin: publicOrigin(config).origin, answers, authority })
    undo(plain.close)
  }
  if (certificate?.current() !== null) return publicOrigin(config, await listen()).origin
  let isListening = false
  certificate.onChange(() => {
    if (isListening) return
    isListening = true
    listen().catch((error: unknown) => log.fault('listen', error))
  })
  return publicOrigin(config).origin
}
