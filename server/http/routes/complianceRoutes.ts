import Type from 'typebox'
import { changeProfile, readDengbao } from '../../actions/compliance/dengbao.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'

const closed = { additionalProperties: false } as const
const answer = Type.Object({
  profile: Type.Boolean(),
  people: Type.Integer(),
  backupDays: Type.Integer(),
  items: Type.Array(
    Type.Object({
      ref: Type.String(),
      verdict: Type.String(),
      reasons: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() })),
    }),
  ),
})

/** What a standard asks beyond what the product does for everybody, and how this installation stands to it. */
export const complianceRoutes = (parts: () => Parts, transport: () => 'tls' | 'proxy' | 'loopback'): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/dengbao',
    need: { anyDuty: ['access.manage', 'audit.read'] },
    answer,
    summary: 'How the installation stands to each item of the 等保 profile',
    handle: async () => readDengbao(parts(), transport()),
  }),
  route({
    method: 'PUT',
    path: '/api/dengbao',
    need: { duty: 'access.manage' },
    fresh: true,
    answer,
    body: Type.Object({ on: Type.Boolean() }, closed),
    summary: 'Switch the 等保 profile',
    handle: async ({ actor, body }) => {
      await changeProfile(parts(), actor, body.on)
      return readDengbao(parts(), transport())
    },
  }),
]
