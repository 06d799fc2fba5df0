import Type from 'typebox'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Session } from '../../auth/session.ts'
import { absoluteHours } from '../../auth/sessions.ts'
import { knownFor } from '../../auth/knownBrowser.ts'
import { signIn } from '../../auth/signIn.ts'
import type { Parts } from '../../actions/parts.ts'
import { cookieName } from '../kernel.ts'
import { endRelayedCall } from '../../actions/records/relayCall.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const ids = Type.Array(text)
const sessionAnswer = Type.Object({
  csrfToken: text,
  actor: Type.Object({
    staffId: text,
    subject: Type.Integer(),
    login: text,
    standings: Type.Array(
      Type.Object({
        roleId: text,
        name: Type.Union([text, Type.Null()]),
        role: Type.Unknown(),
        storeIds: ids,
        regionStoreIds: ids,
        ownerIds: ids,
        kind: text,
        until: Type.Union([text, Type.Null()]),
      }),
    ),
    roles: ids,
    storeIds: ids,
    workingIds: ids,
    sessionId: Type.Union([text, Type.Null()]),
    address: Type.Null(),
  }),
  expiresAt: text,
  /** Whether calls go over a relay: then a call needs the caller's own number. */
  relay: Type.Boolean(),
})
const sessionList = Type.Object({
  items: Type.Array(Type.Object({ id: text, createdAt: text, seenAt: text, expiresAt: text, current: Type.Boolean() })),
})
const signInBody = Type.Object(
  {
    login: Type.String({ minLength: 1, maxLength: 80 }),
    password: Type.String({ minLength: 1, maxLength: 512 }),
    code: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
)

// The address is the log's business, not the client's.
const actorOf = (actor: Actor) => ({
  ...actor,
  standings: actor.standings.map(({ role, ...standing }) => ({
    ...standing,
    role: role as unknown,
    storeIds: [...standing.storeIds],
    regionStoreIds: [...standing.regionStoreIds],
    ownerIds: [...standing.ownerIds],
  })),
  roles: [...actor.roles],
  storeIds: [...actor.storeIds],
  workingIds: [...actor.workingIds],
  address: null,
})

const answerOf = (session: Session, { relay }: Pick<Parts, 'relay'>) => ({
  csrfToken: session.csrfToken,
  actor: actorOf(session.actor),
  expiresAt: session.expiresAt,
  relay: relay !== null,
})

/** Signing in and out, and one's own sessions. */
export const sessionRoutes = (parts: () => Parts, secure: boolean): AnyRoute[] => {
  const name = cookieName(secure)
  const browserCookie = `${name}-known`
  return [
    route({
      method: 'POST',
      path: '/api/session',
      need: 'public',
      answer: sessionAnswer,
      body: signInBody,
      summary: 'Sign in',
      handle: async ({ body, address, cookies, setCookie }) => {
        const { token, session, browser } = await signIn(parts(), {
          login: body.login,
          password: body.password,
          address,
          browser: cookies[browserCookie],
        })
        setCookie({ name, value: token, maxAge: absoluteHours * 3600 })
        setCookie({ name: browserCookie, value: browser, maxAge: knownFor })
        return answerOf(session, parts())
      },
    }),
    route({
      method: 'GET',
      path: '/api/session',
      need: 'session',
      answer: sessionAnswer,
      summary: 'The running session',
      handle: async ({ session }) => answerOf(session, parts()),
    }),
    route({
      method: 'DELETE',
      path: '/api/session',
      need: 'session',
      answer: 'none',
      summary: 'Sign out',
      handle: async ({ actor, session, setCookie }) => {
        await parts().sessions.end(actor.staffId, session.id)
        await parts().audit.append({ actor, action: 'sign_out', entity: 'session', ids: [session.id], outcome: 'done' })
        setCookie({ name, value: '', maxAge: 0 })
      },
    }),
    route({
      method: 'POST',
      path: '/api/relay/end',
      need: 'session',
      answer: 'none',
      body: Type.Object({ binding: Type.String({ minLength: 1, maxLength: 256 }) }, { additionalProperties: false }),
      summary: 'End one of one’s own relayed calls',
      handle: async ({ actor, body }) => endRelayedCall(parts(), actor, body.binding),
    }),
    route({
      method: 'GET',
      path: '/api/sessions',
      need: 'session',
      answer: sessionList,
      summary: 'Own sessions',
      handle: async ({ actor }) => ({ items: await parts().sessions.list(actor) }),
    }),
    route({
      method: 'DELETE',
      path: '/api/sessions/:id',
      need: 'session',
      answer: 'none',
      summary: "End one of one's own sessions",
      handle: async ({ actor, params }) => {
        const id = params['id'] ?? ''
        if (!/^[0-9a-f-]{36}$/.test(id) || !(await parts().sessions.end(actor.staffId, id))) throw new AppError('not_found')
        await parts().audit.append({ actor, action: 'session_revoke', entity: 'session', ids: [id], outcome: 'done' })
      },
    }),
  ]
}
