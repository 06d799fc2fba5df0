import Type from 'typebox'
import { AppError } from '../../../domain/errors.ts'
import type { Parts } from '../../actions/parts.ts'
import { loseDevice } from '../../actions/security/loseDevice.ts'
import { addPasskey, confirmCode, readOwnSecurity, removeFactor, renewRecoveryCodes } from '../../actions/security/ownFactors.ts'
import { changeOwnPassword } from '../../actions/security/ownPassword.ts'
import { changePin } from '../../actions/security/ownPin.ts'
import { endOtherSessions, endSession, ownSessions } from '../../actions/security/readSessions.ts'
import { type AnyRoute, route } from '../route.ts'
import { options, passkeyBodyLimit, passkeyMade } from './passkeySchemas.ts'

const text = Type.String()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const closed = { additionalProperties: false } as const
const owing = ['owing'] as const
const passkey = Type.Object({ id: text, name: text, synced: Type.Boolean(), deviceId: orNull(text), createdAt: text, usedAt: orNull(text) })
const security = Type.Object({
  passkeys: Type.Array(passkey),
  code: orNull(Type.Object({ createdAt: text })),
  recoveryLeft: Type.Integer(),
  password: orNull(Type.Object({ setAt: text })),
  hasPin: Type.Boolean(),
  factorDue: orNull(text),
  deviceId: orNull(text),
})
/** A session as lists show it. */
export const sessionList = Type.Object({
  items: Type.Array(
    Type.Object({
      id: text,
      createdAt: text,
      seenAt: text,
      expiresAt: text,
      current: Type.Boolean(),
      method: text,
      deviceId: orNull(text),
      browser: orNull(text),
      system: orNull(text),
      place: orNull(text),
      address: orNull(text),
    }),
  ),
})
/** What a report of a lost device says besides which: passkeys that may lie on it as copies. */
export const lostBody = Type.Object({ passkeys: Type.Optional(Type.Array(Type.String({ maxLength: 36 }), { maxItems: 20 })) }, closed)
const name = Type.String({ minLength: 1, maxLength: 60 })

/** What somebody signs in with, and where they are signed in: one's own security. */
export const securityRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/me/security',
    need: 'session',
    admits: owing,
    answer: security,
    summary: 'What one signs in with',
    handle: async ({ session }) => readOwnSecurity(parts(), session),
  }),
  route({
    method: 'POST',
    path: '/api/me/passkeys/options',
    need: 'session',
    fresh: true,
    admits: owing,
    answer: options,
    summary: 'What a browser needs to make a passkey',
    handle: async ({ actor, session }) => ({ options: await parts().passkeys.registration('register', session.id, actor) }),
  }),
  route({
    method: 'POST',
    path: '/api/me/passkeys',
    need: 'session',
    fresh: true,
    admits: owing,
    answer: Type.Object({ id: text }),
    status: 201,
    body: Type.Object({ name, response: passkeyMade }, closed),
    bodyLimit: passkeyBodyLimit,
    summary: 'Add a passkey',
    handle: async ({ session, body }) => addPasskey(parts(), session, body as never),
  }),
  route({
    method: 'DELETE',
    path: '/api/me/passkeys/:id',
    need: 'session',
    fresh: true,
    answer: 'none',
    summary: 'Remove a passkey',
    handle: async ({ session, params }) => {
      const id = params['id'] ?? ''
      if (!/^[0-9a-f-]{36}$/.test(id)) throw new AppError('not_found')
      return removeFactor(parts(), session, id)
    },
  }),
  route({
    method: 'POST',
    path: '/api/me/code',
    need: 'session',
    fresh: true,
    admits: owing,
    answer: Type.Object({ secret: text, uri: text, ticket: text }),
    summary: 'A secret for an authenticator app, shown once',
    handle: async ({ actor, session }) => parts().oneTimeCodes.propose(actor, session.id),
  }),
  route({
    method: 'POST',
    path: '/api/me/code/confirm',
    need: 'session',
    fresh: true,
    admits: owing,
    answer: 'none',
    body: Type.Object({ ticket: Type.String({ maxLength: 60 }), code: Type.String({ maxLength: 20 }) }, closed),
    summary: 'Confirm an authenticator app by its first code',
    handle: async ({ session, body }) => confirmCode(parts(), session, body),
  }),
  route({
    method: 'DELETE',
    path: '/api/me/code',
    need: 'session',
    fresh: true,
    answer: 'none',
    summary: 'Remove the authenticator app',
    handle: async ({ session }) => removeFactor(parts(), session, null),
  }),
  route({
    method: 'POST',
    path: '/api/me/recovery-codes',
    need: 'session',
    fresh: true,
    admits: owing,
    answer: Type.Object({ codes: Type.Array(text) }),
    summary: 'Ten new recovery codes, shown once; older ones end',
    handle: async ({ session }) => renewRecoveryCodes(parts(), session),
  }),
  route({
    method: 'PUT',
    path: '/api/me/password',
    need: 'session',
    admits: owing,
    answer: 'none',
    body: Type.Object({ current: Type.Optional(Type.String({ maxLength: 512 })), password: Type.String({ maxLength: 512 }) }, closed),
    summary: 'Change one’s own password; other sessions end',
    handle: async ({ session, body }) => changeOwnPassword(parts(), session, body),
  }),
  route({
    method: 'PUT',
    path: '/api/me/pin',
    need: 'session',
    fresh: true,
    answer: 'none',
    body: Type.Object({ pin: orNull(Type.String({ maxLength: 12 })) }, closed),
    summary: 'Set the PIN that unlocks on this device; null takes it away',
    handle: async ({ session, body }) => changePin(parts(), session, body.pin),
  }),
  route({
    method: 'GET',
    path: '/api/me/draft-key',
    need: 'session',
    answer: Type.Object({ key: orNull(text) }),
    summary: 'The key under which this browser keeps one’s drafts',
    handle: async ({ actor, session }) => ({
      key: session.deviceId === null ? null : ((await parts().devices.draftKey(session.deviceId, actor))?.toString('base64') ?? null),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/me/devices/:id/lost',
    need: 'session',
    fresh: true,
    answer: Type.Object({ removed: Type.Integer() }),
    body: lostBody,
    summary: 'Report a device of one’s own lost',
    handle: async ({ actor, params, body }) =>
      loseDevice(parts(), actor, { staffId: actor.staffId, deviceId: params['id'] ?? '', passkeys: body.passkeys ?? [] }),
  }),
  route({
    method: 'GET',
    path: '/api/sessions',
    need: 'session',
    admits: owing,
    answer: sessionList,
    summary: 'Own sessions',
    handle: async ({ actor }) => ({ items: await ownSessions(parts(), actor) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/sessions',
    need: 'session',
    answer: Type.Object({ ended: Type.Integer() }),
    summary: "End all of one's own sessions but this one",
    handle: async ({ actor }) => endOtherSessions(parts(), actor),
  }),
  route({
    method: 'DELETE',
    path: '/api/sessions/:id',
    need: 'session',
    answer: 'none',
    summary: "End one of one's own sessions",
    handle: async ({ actor, params }) => endSession(parts(), actor, actor.staffId, params['id'] ?? ''),
  }),
]
