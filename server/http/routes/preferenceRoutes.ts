import Type from 'typebox'
import type { Parts } from '../../actions/parts.ts'
import { forgetPreference, keepPreference, ownPreference } from '../../actions/me/preferences.ts'
import { type AnyRoute, route } from '../route.ts'

const path = '/api/me/preferences/:key'
const kept = Type.Object({ value: Type.Unknown(), version: Type.Integer() })
const given = Type.Object(
  { value: Type.Unknown(), version: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) },
  { additionalProperties: false },
)

/** What the signed-in person keeps for themselves: how a list was left, saved views. Nobody else's can be asked for. */
export const preferenceRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path,
    need: 'session',
    answer: kept,
    summary: "One's own preference; version 0 and null where there is none",
    handle: async ({ actor, params }) => ownPreference(parts(), actor, params['key'] ?? ''),
  }),
  route({
    method: 'PUT',
    path,
    need: 'session',
    answer: kept,
    body: given,
    bodyLimit: 128 * 1024,
    summary: "Keep one's own preference; `version` is the one that was read",
    handle: async ({ actor, params, body }) => keepPreference(parts(), actor, params['key'] ?? '', body),
  }),
  route({
    method: 'DELETE',
    path,
    need: 'session',
    answer: 'none',
    summary: "Forget one's own preference",
    handle: async ({ actor, params }) => forgetPreference(parts(), actor, params['key'] ?? ''),
  }),
]
