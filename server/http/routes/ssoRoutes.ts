import Type from 'typebox'
import type { Parts } from '../../actions/parts.ts'
import { beginLink, finishLink, readOwnIdentity, unlinkIdentity } from '../../actions/access/ownIdentity.ts'
import { beginSignIn, finishSecond, finishSignIn } from '../../actions/access/singleSignOn.ts'
import { cookieName } from '../kernel.ts'
import { type AnyRoute, type Asked, route } from '../route.ts'
import { callerOf, handOver, sessionAnswer } from './sessionRoutes.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const owing = ['owing'] as const
const goTo = Type.Object({ url: text })
/** The query with which the provider sent the browser back. */
const cameBack = Type.Object({ query: Type.String({ maxLength: 8_000 }) }, closed)
/** Seconds a browser has to come back: as long as a challenge lives, and a code after it. */
const markFor = 600

/**
 * Single sign-on. The provider sends the browser back to a page of ours, and that page posts what it came back with: so our cookies, which are `Strict` and do
 * not come with what another site starts, are there, and a link that somebody else made is no request of ours. Nowhere is an address taken to send anybody to.
 */
export const ssoRoutes = (parts: () => Parts, secure: boolean): AnyRoute[] => {
  const name = `${cookieName(secure)}-sso`
  const send = ({ url, mark }: { url: string; mark: string }, setCookie: Asked['setCookie']) => {
    setCookie({ name, value: mark, maxAge: markFor })
    return { url }
  }
  const done = (setCookie: Asked['setCookie']): void => setCookie({ name, value: '', maxAge: 0 })
  return [
    route({
      method: 'POST',
      path: '/api/session/sso',
      need: 'public',
      answer: goTo,
      summary: 'Where to go to sign in at the identity provider',
      handle: async ({ setCookie, ...asked }) => send(await beginSignIn(parts(), await callerOf(parts(), asked, secure)), setCookie),
    }),
    route({
      method: 'POST',
      path: '/api/session/sso/finish',
      need: 'public',
      answer: sessionAnswer,
      body: cameBack,
      summary: 'Sign in with what the identity provider answered',
      handle: async ({ body, setCookie, ...asked }) => {
        const came = { query: body.query, mark: asked.cookies[name] }
        const begun = await finishSignIn(parts(), came, await callerOf(parts(), asked, secure))
        done(setCookie)
        return handOver(parts(), begun, setCookie, secure)
      },
    }),
    route({
      method: 'POST',
      path: '/api/session/sso/code',
      need: 'public',
      answer: sessionAnswer,
      body: Type.Object({ ticket: Type.String({ maxLength: 100 }), code: Type.String({ maxLength: 20 }) }, closed),
      summary: 'Show the second factor after single sign-on',
      handle: async ({ body, setCookie, ...asked }) => {
        const begun = await finishSecond(parts(), { ...body, mark: asked.cookies[name] }, await callerOf(parts(), asked, secure))
        done(setCookie)
        return handOver(parts(), begun, setCookie, secure)
      },
    }),
    route({
      method: 'GET',
      path: '/api/me/identity',
      need: 'session',
      admits: owing,
      answer: Type.Object({
        identity: Type.Union([Type.Object({ name: text, linkedAt: Type.Union([text, Type.Null()]) }), Type.Null()]),
      }),
      summary: 'Whether one’s account is linked for single sign-on',
      handle: async ({ actor }) => ({ identity: await readOwnIdentity(parts(), actor.staffId) }),
    }),
    route({
      method: 'POST',
      path: '/api/me/identity',
      need: 'session',
      fresh: true,
      answer: goTo,
      summary: 'Where to go to link one’s account for single sign-on',
      handle: async ({ session, setCookie }) => send(await beginLink(parts(), session), setCookie),
    }),
    route({
      method: 'POST',
      path: '/api/me/identity/finish',
      need: 'session',
      answer: 'none',
      body: cameBack,
      summary: 'Link one’s account with what the identity provider answered',
      handle: async ({ session, body, cookies, setCookie }) => {
        await finishLink(parts(), session, { query: body.query, mark: cookies[name] })
        done(setCookie)
      },
    }),
    route({
      method: 'DELETE',
      path: '/api/me/identity',
      need: 'session',
      fresh: true,
      answer: 'none',
      summary: 'Take one’s link for single sign-on away',
      handle: async ({ session }) => unlinkIdentity(parts(), session),
    }),
  ]
}
