import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../domain/errors.ts'

const wantsPage = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false

/**
 * Serves the built web client: files under `assets/` carry a hash in their name and never change; every other address a browser asks a page for is
 * the client's own. Without a build only the API answers. What is neither is `not_found`.
 */
export const mountWebClient = async (app: FastifyInstance, folder: string): Promise<void> => {
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      wildcard: false,
      index: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler(async (request, reply) => {
    const isPage = built && request.method === 'GET' && wantsPage(request.headers.accept) && !request.url.startsWith('/api/')
    if (!isPage) throw new AppError('not_found')
    return reply.sendFile('index.html')
  })
}
