import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client'
import { AppError } from '../../../domain/errors.ts'
import type { SingleSignOnConfig } from '../../config/singleSignOn.ts'
import { outgoingFetch } from '../../outgoing/outgoingFetch.ts'
import type { Identity, IdentityProvider } from './identityProvider.ts'

type Options = Omit<SingleSignOnConfig, 'caFile'> & {
  /** PEM of an authority of the owner's own. */
  readonly ca?: string
  /** Places the owner has named; the issuer's own is one of them. */
  readonly allow: readonly string[]
  /** Where the provider sends browsers back to; asked late, since the port is. */
  readonly redirectUri: () => string
}

type Claims = Readonly<Record<string, unknown>>

/** Milliseconds what the provider says of itself is believed: it changes keys and addresses seldom. */
const keptMs = 3_600_000

// Basic is what a provider takes that says nothing (OpenID Connect Core 1.0, 9).
const authenticate = (secret: string): ClientAuth => {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (server, ...rest) =>
    (server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']).includes('client_secret_basic')
      ? basic(server, ...rest)
      : post(server, ...rest)
}

const loginOf = (claims: Claims, claim: string): string | null => {
  const value = claims[claim]
  if (typeof value !== 'string' || value === '' || value.length > 200) return null
  return claim === 'email' && claims['email_verified'] !== true ? null : value
}

const rolesOf = (claims: Claims, { claimedRoles }: Options): Identity['roles'] => {
  if (claimedRoles === null) return null
  const value = claims[claimedRoles.claim]
  const given = Array.isArray(value) ? value : [value]
  return [...new Set(given.flatMap((one) => (typeof one === 'string' ? (claimedRoles.roles.get(one) ?? []) : [])))]
}

/** Whether the ID token says that more than one factor was asked for (RFC 8176 `amr`; `acr` as REFEDS and others write it). */
const isStrong = ({ amr, acr }: Claims): boolean =>
  (Array.isArray(amr) && amr.includes('mfa')) ||
  (typeof acr === 'string' &&
    acr
      .toLowerCase()
      .split(/[^a-z\d]+/)
      .includes('mfa'))

/** An identity provider by OpenID Connect: authorization code with PKCE, signed ID tokens, and every request through the guard, over verified TLS. */
export const oidcProvider = (options: Options): IdentityProvider => {
  const { issuer, clientId, clientSecret, name, claim } = options
  const guarded = outgoingFetch({
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    allow: [...options.allow, new URL(issuer).host],
    longestAnswer: 512 * 1024,
  })
  // An address of a place that may not be reached, a certificate that is not believed: whatever else a library may make of it.
  const ask: CustomFetch = (url, init) => guarded(url, init as never)
  let known: { config: Promise<Configuration>; until: number } | null = null

  const find = async (): Promise<Configuration> => {
    const config = await discovery(new URL(issuer), clientId, clientSecret, authenticate(clientSecret), { [customFetch]: ask })
    enableNonRepudiationChecks(config)
    return config
  }
  const configuration = async (): Promise<Configuration> => {
    if (known === null || known.until < performance.now()) known = { config: find(), until: performance.now() + keptMs }
    return known.config.catch((cause: unknown) => {
      known = null
      throw new AppError('provider_unavailable', {}, { cause })
    })
  }

  const whole = async (config: Configuration, claims: Claims & { sub: string }, accessToken: string): Promise<Claims> => {
    const wanted = [claim, ...(options.claimedRoles ? [options.claimedRoles.claim] : [])]
    if (wanted.every((one) => claims[one] !== undefined) || !config.serverMetadata().userinfo_endpoint) return claims
    return { ...(await fetchUserInfo(config, accessToken, claims.sub)), ...claims }
  }

  return {
    id: 'oidc',
    name,
    claimable: [...new Set(options.claimedRoles?.roles.values())],
    begin: async ({ state, nonce, verifier }) =>
      buildAuthorizationUrl(await configuration(), {
        redirect_uri: options.redirectUri(),
        response_type: 'code',
        scope: 'openid profile email',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).href,
    finish: async ({ state, nonce, verifier }, answer) => {
      const config = await configuration()
      const came = new URL(options.redirectUri())
      came.search = answer.toString()
      try {
        const tokens = await authorizationCodeGrant(config, came, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        const token = tokens.claims()
        if (!token) throw new AppError('provider_refused')
        const claims = await whole(config, token, tokens.access_token)
        const said = { login: loginOf(claims, claim), roles: rolesOf(claims, options), strong: isStrong(token) }
        return { issuer: token.iss, subject: token.sub, ...said }
      } catch (cause) {
        throw new AppError('provider_refused', {}, { cause })
      }
    },
  }
}
