import Type from 'typebox'
import type { Parts } from '../../actions/parts.ts'
import { join, joinPasskeyOptions, lookAtLink } from '../../actions/security/links.ts'
import { type AnyRoute, route } from '../route.ts'
import { options, passkeyBodyLimit, passkeyMade } from './passkeySchemas.ts'
import { callerOf, handOver, sessionAnswer } from './sessionRoutes.ts'

const text = Type.String()
const closed = { additionalProperties: false } as const
// In the body, never in the address: addresses stand in histories and logs.
const token = Type.String({ minLength: 1, maxLength: 60 })

/** What opens with a one-time link: joining, and coming back. */
export const joinRoutes = (parts: () => Parts, secure: boolean): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/join/look',
    need: 'public',
    answer: Type.Object({ purpose: text, company: text, by: text, name: text, login: text, expiresAt: text }),
    body: Type.Object({ token }, closed),
    summary: 'What a one-time link is for',
    handle: async ({ body, ...asked }) => lookAtLink(parts(), body.token, await callerOf(parts(), asked, secure)),
  }),
  route({
    method: 'POST',
    path: '/api/join/options',
    need: 'public',
    answer: options,
    body: Type.Object({ token }, closed),
    summary: 'What a browser needs to make a passkey for who holds the link',
    handle: async ({ body, ...asked }) => ({
      options: await joinPasskeyOptions(parts(), body.token, await callerOf(parts(), asked, secure)),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/join',
    need: 'public',
    answer: sessionAnswer,
    body: Type.Object(
      {
        token,
        password: Type.Optional(Type.String({ maxLength: 512 })),
        passkey: Type.Optional(Type.Object({ name: Type.String({ minLength: 1, maxLength: 60 }), response: passkeyMade }, closed)),
      },
      closed,
    ),
    bodyLimit: passkeyBodyLimit,
    summary: 'Use a one-time link: set a password or a passkey, and sign in',
    handle: async ({ body, setCookie, ...asked }) =>
      handOver(parts(), await join(parts(), body as never, await callerOf(parts(), asked, secure)), setCookie, secure),
  }),
]
