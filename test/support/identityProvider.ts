import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import { Provider } from 'oidc-provider'
import type { Pair } from '../../server/tls/certificates.ts'

/** Whom the provider knows, by subject: the claims it makes of them. */
export type People = Record<string, Record<string, unknown>>

/** What an OpenID provider knows of us. */
export const client = { id: 'anechoic', secret: 'a-secret-of-the-provider-and-us' }

/**
 * A real OpenID provider (oidc-provider) over TLS on a free port of this machine, that lets `people` in without asking: whoever `who` names at the time. Only
 * what it asks of people is left out.
 */
export const openIdentityProvider = async (pair: Pair, people: People, redirectUri: string) => {
  const state = { who: '', asked: 0 }
  let handle: (request: never, response: never) => unknown = () => {}
  const server = createServer({ key: pair.key, cert: pair.certificate }, (asked, response) => {
    state.asked += 1
    void handle(asked as never, response as never)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `https://localhost:${(server.address() as AddressInfo).port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' } as never] },
    cookies: { keys: ['a key of the test'] },
    claims: { openid: ['sub', 'amr'], profile: ['preferred_username', 'groups'], email: ['email', 'email_verified'] },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  const loginOf = () => ({ accountId: state.who, amr: (people[state.who]?.['amr'] ?? []) as string[] })
  handle = (asked, response) =>
    (asked as { url: string }).url.startsWith('/interaction/')
      ? provider.interactionFinished(asked, response, { login: loginOf() }, { mergeWithLastSubmission: false })
      : answer(asked, response)

  const ask = (url: string, cookie: string, ca: string): Promise<{ location: string | null; cookies: string[]; body: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(url, { ca, headers: { cookie } }, (response) => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () =>
          resolve({
            body,
            location: response.headers.location ? new URL(response.headers.location, url).href : null,
            cookies: (response.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]!),
          }),
        )
      })
      sent.on('error', reject)
      sent.end()
    })

  /** Goes where a browser is sent, as `who`, and returns the query with which it is sent back. Throws what the provider says instead. */
  const visit = async (url: string, who: string, ca: string): Promise<string> => {
    state.who = who
    const jar = new Map<string, string>()
    for (let [at, hops] = [url, 0]; hops < 8; hops += 1) {
      const { location, cookies, body } = await ask(at, [...jar.values()].join('; '), ca)
      for (const cookie of cookies) jar.set(cookie.split('=')[0]!, cookie)
      if (location === null) throw new Error(body)
      if (location.startsWith(redirectUri)) return new URL(location).search
      at = location
    }
    throw new Error('sent around in circles')
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { issuer, state, visit, close }
}

export type TestIdentityProvider = Awaited<ReturnType<typeof openIdentityProvider>>
