import Type from 'typebox'
import { decide } from '../../../domain/policy/decide.ts'
import { bookAppointment } from '../../actions/appointments/bookAppointment.ts'
import { changeAppointment } from '../../actions/appointments/changeAppointment.ts'
import { completeAppointment } from '../../actions/appointments/completeAppointment.ts'
import { listAppointments, listBusy } from '../../actions/appointments/listAppointments.ts'
import { listBelow } from '../../actions/customers/listBelow.ts'
import type { Parts } from '../../actions/parts.ts'
import { readListQuery } from '../../actions/records/listQuery.ts'
import { readRecord } from '../../actions/records/readRecord.ts'
import { requireFresh } from '../../auth/stepUp.ts'
import { type AnyRoute, route } from '../route.ts'
import { revealRoute } from './recordRoutes.ts'

const closed = { additionalProperties: false } as const
const version = Type.Integer({ minimum: 1 })
const completion = Type.Object(
  { version, state: Type.Optional(Type.Enum(['done', 'missed'] as const)), note: Type.Optional(Type.String({ maxLength: 2_000 })) },
  closed,
)
const busy = Type.Object({
  items: Type.Array(Type.Object({ staffId: Type.String(), startsAt: Type.String(), endsAt: Type.String() })),
})

const entity = 'appointment' as const

/** Appointments: of a customer, of a day or a week, and what becomes of each. */
export const appointmentRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/customers/:id/appointments',
    need: { entity },
    answer: 'page',
    query: ['page', 'pageSize', 'cursor'],
    summary: 'Appointments with a customer, latest first',
    handle: async ({ actor, scope, params, query }) => {
      const scopes = { customer: decide(actor, 'customer'), below: scope }
      return listBelow(parts(), scopes, params['id'] ?? '', { orderBy: 'startsAt', descending: true }, readListQuery(scope, query))
    },
  }),
  route({
    method: 'POST',
    path: '/api/customers/:id/appointments',
    need: { entity, action: 'create' },
    answer: 'view',
    status: 201,
    body: 'catalogue',
    summary: 'Make an appointment; it opens the customer to those who go, one day either side',
    handle: async ({ scope, session, params, body, wrote }) => {
      const { view, position } = await bookAppointment(parts(), scope, params['id'] ?? '', body, () => requireFresh(session))
      wrote(position)
      return view
    },
  }),
  route({
    method: 'GET',
    path: '/api/appointments',
    need: { entity },
    answer: 'page',
    query: ['from', 'to', 'mine', 'page', 'pageSize', 'cursor'],
    summary: 'Appointments of a stretch of time, earliest first',
    handle: async ({ scope, query }) => listAppointments(parts(), scope, query),
  }),
  route({
    method: 'GET',
    path: '/api/appointments/busy',
    need: { entity },
    answer: busy,
    query: ['from', 'to', 'staff', 'except'],
    summary: 'When some people are taken, without where',
    handle: async ({ scope, query }) => ({ items: await listBusy(parts(), scope, query) }),
  }),
  route({
    method: 'GET',
    path: '/api/appointments/:id',
    need: { entity },
    answer: 'view',
    summary: 'Read one',
    handle: async ({ scope, params }) => readRecord(parts(), scope, params['id'] ?? ''),
  }),
  route({
    method: 'PATCH',
    path: '/api/appointments/:id',
    need: { entity, action: 'update' },
    answer: 'view',
    body: 'catalogue',
    summary: 'Move one, give it to others, change what it is for',
    handle: async ({ scope, session, params, body, wrote }) => {
      const { view, position } = await changeAppointment(parts(), scope, params['id'] ?? '', body, () => requireFresh(session))
      wrote(position)
      return view
    },
  }),
  route({
    method: 'POST',
    path: '/api/appointments/:id/cancel',
    need: { entity, action: 'update' },
    answer: 'view',
    body: Type.Object({ version }, closed),
    summary: 'Cancel one: the customer closes again to those who would have gone',
    handle: async ({ scope, params, body, wrote }) => {
      const { view, position } = await changeAppointment(parts(), scope, params['id'] ?? '', { ...body, state: 'cancelled' })
      wrote(position)
      return view
    },
  }),
  route({
    method: 'POST',
    path: '/api/appointments/:id/done',
    need: { entity, action: 'complete' },
    answer: 'view',
    body: completion,
    summary: 'Note what came of one',
    handle: async ({ scope, params, body, wrote }) => {
      const { view, position } = await completeAppointment(parts(), scope, params['id'] ?? '', { ...body, state: body.state ?? 'done' })
      wrote(position)
      return view
    },
  }),
  revealRoute(entity, parts),
]
