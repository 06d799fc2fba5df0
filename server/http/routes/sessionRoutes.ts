import Type from 'typebox'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import type { Session } from '../../auth/session.ts'
import { absoluteHours } from '../../auth/sessions.ts'
import { knownFor } from '../../auth/devices.ts'
import type { Begun, Caller } from '../../auth/beginSession.ts'
import { methodsOf } from '../../auth/factors.ts'
import { signIn, signInBinding, signInByPasskey } from '../../auth/signIn.ts'
import { stepUp } from '../../auth/stepUp.ts'
import { unlock } from '../../auth/unlock.ts'
import { readLockScreen } from '../../actions/security/lockScreen.ts'
import type { Parts } from '../../actions/parts.ts'
import { cookieName, deviceCookieName } from '../kernel.ts'
import { endRelayedCall } from '../../actions/records/relayCall.ts'
import { type AnyRoute, type Asked, route } from '../route.ts'
import { options, passkeyAnswer, passkeyBodyLimit } from './passkeySchemas.ts'

const text = Type.String()
const ids = Type.Array(text)
export const sessionAnswer = Type.Object({
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
  deviceId: Type.Union([text, Type.Null()]),
  method: text,
  /** What has to be done before anything else: `password` or `factor`. */
  owes: Type.Union([text, Type.Null()]),
  /** When a second factor becomes due. */
  factorDue: Type.Union([text, Type.Null()]),
  /** How this account shows who holds it, strongest first. */
  methods: Type.Array(text),
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
  deviceId: session.deviceId,
  method: session.method,
  owes: session.owes,
  factorDue: session.factorDue,
  methods: methodsOf(session.factors),
})

const closed = { additionalProperties: false } as const
const secret = Type.String({ minLength: 1, maxLength: 512 })
const code = Type.String({ maxLength: 20 })
const staffId = Type.String({ pattern: '^[0-9a-f-]{36}$' })
const person = Type.Object({
  staffId: text,
  name: text,
  hasPin: Type.Boolean(),
  hasPasskey: Type.Boolean(),
  hasPassword: Type.Boolean(),
  hasCode: Type.Boolean(),
  current: Type.Boolean(),
})
const lockScreen = Type.Object({ persons: Type.Array(person) })

/** Who asks, as signing in needs to know: from where, in which browser. */
export const callerOf = async (
  parts: Pick<Parts, 'devices'>,
  { address, cookies, userAgent, local }: Pick<Asked, 'address' | 'cookies' | 'userAgent' | 'local'>,
  secure: boolean,
): Promise<Caller> => ({
  address,
  userAgent,
  local,
  device: local ? null : await parts.devices.ofCookie(cookies[deviceCookieName(secure)]),
})

/** Hands a session that has begun to the browser, and returns the answer's body. */
export const handOver = (parts: Parts, { token, session, deviceCookie }: Begun, setCookie: Asked['setCookie'], secure: boolean) => {
  setCookie({ name: cookieName(secure), value: token, maxAge: absoluteHours * 3600 })
  if (deviceCookie) setCookie({ name: deviceCookieName(secure), value: deviceCookie, maxAge: knownFor })
  return answerOf(session, parts)
}

/** Signing in and out, stepping up, locking and unlocking. */
export const sessionRoutes = (parts: () => Parts, secure: boolean): AnyRoute[] => {
  const name = cookieName(secure)
  const callerFrom = (asked: Pick<Asked, 'address' | 'cookies' | 'userAgent' | 'local'>): Promise<Caller> =>
    callerOf(parts(), asked, secure)
  const deviceFrom = async (asked: Pick<Asked, 'address' | 'cookies' | 'userAgent' | 'local'>): Promise<string | null> => {
    const { device } = await callerFrom(asked)
    return device && !device.lost ? device.id : null
  }
  return [
    route({
      method: 'POST',
      path: '/api/session',
      need: 'public',
      answer: sessionAnswer,
      body: signInBody,
      summary: 'Sign in',
      handle: async ({ body, setCookie, ...asked }) =>
        handOver(parts(), await signIn(parts(), body, await callerFrom(asked)), setCookie, secure),
    }),
    route({
      method: 'POST',
      path: '/api/session/passkey/options',
      need: 'public',
      answer: options,
      summary: 'What a browser needs to sign in by passkey',
      handle: async (asked) => ({
        options: await parts().passkeys.authentication('sign_in', signInBinding(await callerFrom(asked)), null),
      }),
    }),
    route({
      method: 'POST',
      path: '/api/session/passkey',
      need: 'public',
      answer: sessionAnswer,
      body: Type.Object({ response: passkeyAnswer }, closed),
      bodyLimit: passkeyBodyLimit,
      summary: 'Sign in by passkey',
      handle: async ({ body, setCookie, ...asked }) =>
        handOver(parts(), await signInByPasskey(parts(), body.response as never, await callerFrom(asked)), setCookie, secure),
    }),
    route({
      method: 'POST',
      path: '/api/session/step-up/options',
      need: 'session',
      admits: ['owing'],
      answer: options,
      summary: 'What a browser needs to step up by passkey',
      handle: async ({ actor, session }) => ({ options: await parts().passkeys.authentication('step_up', session.id, actor.staffId) }),
    }),
    route({
      method: 'POST',
      path: '/api/session/step-up',
      need: 'session',
      admits: ['owing'],
      answer: 'none',
      body: Type.Object({ password: Type.Optional(secret), code: Type.Optional(code), passkey: Type.Optional(passkeyAnswer) }, closed),
      bodyLimit: passkeyBodyLimit,
      summary: 'Show who one is: fresh for five minutes',
      handle: async ({ body, session }) => stepUp(parts(), session, body as never),
    }),
    route({
      method: 'POST',
      path: '/api/session/lock',
      need: 'session',
      admits: ['locked', 'owing'],
      answer: 'none',
      summary: 'Lock the session',
      handle: async ({ actor, session }) => {
        if (session.locked) return
        await parts().sessions.lock(session.id)
        await parts().audit.append({ actor, action: 'lock', entity: 'session', ids: [session.id], outcome: 'done' })
      },
    }),
    route({
      method: 'GET',
      path: '/api/lock',
      need: 'public',
      answer: lockScreen,
      summary: 'Whom the lock screen of this device names',
      handle: async ({ actor, ...asked }) => readLockScreen(parts(), await deviceFrom(asked), actor),
    }),
    route({
      method: 'POST',
      path: '/api/session/unlock/options',
      need: 'public',
      answer: options,
      body: Type.Object({ staffId: Type.Optional(staffId) }, closed),
      summary: 'What a browser needs to unlock by passkey',
      handle: async ({ body, ...asked }) => {
        const device = await deviceFrom(asked)
        if (device === null) throw new AppError('not_signed_in')
        return { options: await parts().passkeys.authentication('unlock', device, body.staffId ?? null) }
      },
    }),
    route({
      method: 'POST',
      path: '/api/session/unlock',
      need: 'public',
      answer: sessionAnswer,
      body: Type.Object(
        {
          staffId: Type.Optional(staffId),
          pin: Type.Optional(Type.String({ minLength: 1, maxLength: 12 })),
          password: Type.Optional(secret),
          code: Type.Optional(code),
          passkey: Type.Optional(passkeyAnswer),
        },
        closed,
      ),
      bodyLimit: passkeyBodyLimit,
      summary: 'Unlock one’s session on this device, or switch to it',
      handle: async ({ body, setCookie, ...asked }) => {
        const device = await deviceFrom(asked)
        if (device === null) throw new AppError('not_signed_in')
        const { token, session } = await unlock(parts(), device, body as never)
        return handOver(parts(), { token, session, deviceCookie: null }, setCookie, secure)
      },
    }),
    route({
      method: 'POST',
      path: '/api/device/forget',
      need: 'public',
      answer: 'none',
      summary: 'Take the marks off a browser whose device was reported lost',
      handle: async ({ setCookie, ...asked }) => {
        if (!(await callerFrom(asked)).device?.lost) return
        setCookie({ name, value: '', maxAge: 0 })
        setCookie({ name: deviceCookieName(secure), value: '', maxAge: 0 })
      },
    }),
    route({
      method: 'GET',
      path: '/api/session',
      need: 'session',
      admits: ['owing'],
      answer: sessionAnswer,
      summary: 'The running session',
      handle: async ({ session }) => answerOf(session, parts()),
    }),
    route({
      method: 'DELETE',
      path: '/api/session',
      need: 'session',
      admits: ['locked', 'owing'],
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
  ]
}
