import { randomBytes } from 'node:crypto'
import { AppError } from '../../domain/errors.ts'
import { textMac } from '../crypto/mac.ts'
import type { AuthParts } from './factors.ts'
import type { Flow, Identity, IdentityProvider } from './identityProviders/identityProvider.ts'

type Needs = Pick<AuthParts, 'challenges' | 'macKey'>

/** What a browser asks a provider for: to sign in, or to be linked to a session's account. */
export type Aim = { readonly kind: 'sign_in' } | { readonly kind: 'link'; readonly sessionId: string }

const bindingOf = async ({ macKey }: Needs, aim: Aim, mark: string): Promise<string> =>
  textMac(await macKey(), 'sso/binding', JSON.stringify([aim.kind === 'link' ? aim.sessionId : null, mark])).toString('base64url')

// Nonce and verifier follow from what only this browser holds and what only this server knows: nothing of them lies anywhere, to be read or mixed up.
const flowOf = async ({ macKey }: Needs, state: string, mark: string): Promise<Flow> => {
  const made = async (what: string) => textMac(await macKey(), `sso/${what}`, JSON.stringify([state, mark])).toString('base64url')
  return { state, nonce: await made('nonce'), verifier: await made('verifier') }
}

/** Begins the way to a provider. Returns where the browser goes and the mark it keeps in its cookie. Throws `provider_unavailable`. */
export const beginFlow = async (needs: Needs, provider: IdentityProvider, aim: Aim): Promise<{ url: string; mark: string }> => {
  const mark = randomBytes(32).toString('base64url')
  const state = await needs.challenges.make('sso', await bindingOf(needs, aim, mark))
  return { url: await provider.begin(await flowOf(needs, state, mark)), mark }
}

/**
 * Ends it: `query` is what the browser came back with. Its state must be one we made, for this aim, for this very browser, and not used before. Throws
 * `provider_refused`, `provider_unavailable`.
 */
export const finishFlow = async (
  needs: Needs,
  provider: IdentityProvider,
  aim: Aim,
  { query, mark }: { query: string; mark: string | undefined },
): Promise<Identity> => {
  const answer = new URLSearchParams(query)
  const state = answer.get('state') ?? ''
  if (mark === undefined || !/^[\w-]{43}$/.test(mark)) throw new AppError('provider_refused')
  if (!(await needs.challenges.take('sso', await bindingOf(needs, aim, mark), state))) throw new AppError('provider_refused')
  return provider.finish(await flowOf(needs, state, mark), answer)
}
