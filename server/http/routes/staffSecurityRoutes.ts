import Type from 'typebox'
import type { Parts } from '../../actions/parts.ts'
import { linkHours } from '../../auth/links.ts'
import { issueLink, listLinks, revokeLink } from '../../actions/security/links.ts'
import { loseDevice } from '../../actions/security/loseDevice.ts'
import { changeSecondFactor, secondFactorFor } from '../../actions/security/policy.ts'
import { endSession, staffSessions, subjectOf } from '../../actions/security/readSessions.ts'
import { type AnyRoute, route } from '../route.ts'
import { lostBody, sessionList } from './securityRoutes.ts'

const text = Type.String()
const closed = { additionalProperties: false } as const
const need = { duty: 'staff.manage' } as const
const who = Type.Union([Type.Literal('none'), Type.Literal('privileged'), Type.Literal('everyone')])

/** Sessions, devices and one-time links of others, for who manages staff. */
export const staffSecurityRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/staff/:id/sessions',
    need,
    answer: sessionList,
    summary: 'Sessions of a member of staff',
    handle: async ({ actor, params }) => ({ items: await staffSessions(parts(), actor, params['id'] ?? '') }),
  }),
  route({
    method: 'DELETE',
    path: '/api/staff/:id/sessions/:session',
    need,
    fresh: true,
    answer: 'none',
    summary: 'End a session of a member of staff',
    handle: async ({ actor, params }) => {
      const { staffId } = await subjectOf(parts(), params['id'] ?? '')
      return endSession(parts(), actor, staffId, params['session'] ?? '')
    },
  }),
  route({
    method: 'POST',
    path: '/api/staff/:id/devices/:device/lost',
    need,
    fresh: true,
    answer: Type.Object({ removed: Type.Integer() }),
    body: lostBody,
    summary: 'Report a device of a member of staff lost, with all who were on it',
    handle: async ({ actor, params, body }) =>
      loseDevice(parts(), actor, { staffId: params['id'] ?? '', deviceId: params['device'] ?? '', passkeys: body.passkeys ?? [] }),
  }),
  route({
    method: 'GET',
    path: '/api/staff/:id/links',
    need,
    answer: Type.Object({
      items: Type.Array(Type.Object({ id: text, purpose: text, issuedBy: text, createdAt: text, expiresAt: text })),
    }),
    summary: 'Open one-time links of a member of staff',
    handle: async ({ params }) => ({ items: await listLinks(parts(), (await subjectOf(parts(), params['id'] ?? '')).staffId) }),
  }),
  route({
    method: 'POST',
    path: '/api/staff/:id/links',
    need,
    fresh: true,
    answer: Type.Object({ id: text, token: text, expiresAt: text }),
    status: 201,
    body: Type.Object(
      {
        purpose: Type.Union([Type.Literal('invite'), Type.Literal('recover')]),
        hours: Type.Optional(Type.Integer({ minimum: linkHours.least, maximum: linkHours.most })),
      },
      closed,
    ),
    summary: 'A one-time link to join or to come back; its token is answered once, and goes behind # of /join',
    handle: async ({ actor, params, body }) => {
      const { staffId } = await subjectOf(parts(), params['id'] ?? '')
      return issueLink(parts(), actor, { staffId, ...body })
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/staff/:id/links/:link',
    need,
    answer: 'none',
    summary: 'Revoke a one-time link',
    handle: async ({ actor, params }) => {
      const { staffId } = await subjectOf(parts(), params['id'] ?? '')
      return revokeLink(parts(), actor, staffId, params['link'] ?? '')
    },
  }),
  route({
    method: 'GET',
    path: '/api/settings/second-factor',
    need: { duty: 'access.manage' },
    answer: Type.Object({ for: who }),
    summary: 'For whom a second factor is asked',
    handle: async () => ({ for: await secondFactorFor(parts()) }),
  }),
  route({
    method: 'PUT',
    path: '/api/settings/second-factor',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: 'none',
    body: Type.Object({ for: who }, closed),
    summary: 'Say for whom a second factor is asked',
    handle: async ({ actor, body }) => changeSecondFactor(parts(), actor, body.for),
  }),
]
