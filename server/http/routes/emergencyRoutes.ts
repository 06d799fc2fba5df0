import Type from 'typebox'
import { type EmergencyReason, emergencyReasons } from '../../../domain/access/emergency.ts'
import { askEmergency, decideEmergency, listEmergencies, reviewEmergency } from '../../actions/access/emergency.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'
import { idOf } from './idOf.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const texts = Type.Array(text)
const maybe = Type.Union([text, Type.Null()])
const emergency = Type.Object({
  id: text,
  staffId: text,
  reason: text,
  note: maybe,
  storeIds: texts,
  askedAt: text,
  state: text,
  needed: Type.Integer(),
  agreed: texts,
  deviation: Type.Boolean(),
  selfAfter: maybe,
  mayDecide: Type.Boolean(),
  mayReview: Type.Boolean(),
  grantedAt: maybe,
  endsAt: maybe,
  seen: Type.Integer(),
  verdict: maybe,
  reviewedBy: maybe,
  overdue: Type.Boolean(),
})

/** Breaking the glass: asked, agreed, an hour long, looked into. */
export const emergencyRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/emergencies',
    need: 'session',
    answer: Type.Object({ items: Type.Array(emergency) }),
    summary: 'One’s own emergencies, or all for those who guard',
    handle: async ({ actor }) => listEmergencies(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/emergencies',
    need: { entity: 'customer' },
    fresh: true,
    answer: Type.Object({ id: text }),
    status: 201,
    body: Type.Object(
      {
        reason: Type.Enum(Object.keys(emergencyReasons) as EmergencyReason[]),
        note: Type.String({ minLength: 1, maxLength: 500 }),
        storeIds: Type.Array(Type.String({ format: 'uuid' }), { minItems: 1, maxItems: 200 }),
      },
      closed,
    ),
    summary: 'Ask for an hour of emergency access',
    handle: async ({ actor, body, wrote }) => {
      const { id, position } = await askEmergency(parts(), actor, body)
      wrote(position)
      return { id }
    },
  }),
  route({
    method: 'POST',
    path: '/api/emergencies/:id/decide',
    need: { duty: 'access.approve' },
    fresh: true,
    answer: 'none',
    body: Type.Object({ verdict: Type.Enum(['approve', 'refuse'] as const) }, closed),
    summary: 'Agree to somebody’s emergency, or not',
    handle: async ({ actor, params, body, wrote }) => wrote((await decideEmergency(parts(), actor, idOf(params), body.verdict)).position),
  }),
  route({
    method: 'POST',
    path: '/api/emergencies/:id/review',
    need: { anyDuty: ['audit.read', 'access.manage'] },
    answer: 'none',
    body: Type.Object({ verdict: Type.Enum(['justified', 'misused'] as const) }, closed),
    summary: 'Say what came of looking into an emergency',
    handle: async ({ actor, params, body, wrote }) => wrote((await reviewEmergency(parts(), actor, idOf(params), body.verdict)).position),
  }),
]
