import Type from 'typebox'
import { deviationReasons } from '../../../domain/policy/separation.ts'
import { changePerson } from '../../actions/access/changePerson.ts'
import { defineRole, listRoles, retireRole } from '../../actions/access/editRoles.ts'
import { delegate, endLoan, lendRole } from '../../actions/access/lendRole.ts'
import { listDelegations } from '../../actions/access/listDelegations.ts'
import { listDeviations } from '../../actions/access/listDeviations.ts'
import { listPeople } from '../../actions/access/listPeople.ts'
import { setRoles } from '../../actions/access/setRoles.ts'
import { sightOf } from '../../actions/access/sightOf.ts'
import { resume, suspend } from '../../actions/access/suspend.ts'
import { hasDuty } from '../../../domain/policy/decide.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'
import { idOf } from './idOf.ts'

const closed = { additionalProperties: false } as const
const text = Type.String()
const texts = Type.Array(text)
const maybe = Type.Union([text, Type.Null()])
const id = Type.String({ format: 'uuid' })
const version = Type.Integer({ minimum: 1 })
const accepts = Type.Optional(Type.Enum([...deviationReasons]))
const day = Type.Union([Type.String({ maxLength: 10 }), Type.Null()])
const instant = Type.String({ format: 'date-time' })
const storeIds = Type.Array(id, { maxItems: 200 })
const span = { startsAt: Type.Optional(instant), endsAt: instant }

const loan = Type.Object({ id: text, role: text, storeIds: texts, kind: text, forStaff: maybe, starts: maybe, ends: text })
const people = Type.Object({
  items: Type.Array(
    Type.Object({
      id: text,
      version: Type.Integer(),
      login: text,
      name: maybe,
      kind: text,
      roles: texts,
      storeIds: texts,
      loans: Type.Array(loan),
      joinsOn: maybe,
      leavesOn: maybe,
      active: Type.Boolean(),
      suspended: maybe,
      privileged: Type.Boolean(),
      deviations: texts,
      lastAct: maybe,
    }),
  ),
})
const right = Type.Object({
  read: text,
  filter: text,
  exact: text,
  sort: Type.Boolean(),
  write: text,
  reveal: text,
  export: text,
  uses: texts,
})
const sight = Type.Object({
  entities: Type.Array(Type.Object({ entity: text, actions: texts, fields: Type.Record(text, right) })),
  duties: texts,
  revealsPerDay: Type.Integer(),
  opensPerHour: Type.Integer(),
  inSight: Type.Integer(),
  open: Type.Integer(),
  sample: Type.Array(Type.Object({ id: text, name: maybe, open: texts, masked: texts })),
})
const roleList = Type.Object({
  items: Type.Array(
    Type.Object({
      id: text,
      name: maybe,
      role: Type.Unknown(),
      version: Type.Union([Type.Integer(), Type.Null()]),
      holders: Type.Integer(),
    }),
  ),
})
const changed = Type.Object({ version: Type.Integer() })
const lent = Type.Object({ ids: texts })
const definition = { name: Type.String({ minLength: 1, maxLength: 40 }), role: Type.Unknown(), accepts }

const peopleRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/people',
    need: { anyDuty: ['staff.manage', 'access.manage', 'audit.read'] },
    answer: people,
    summary: 'Everybody on the staff, with what they hold',
    handle: async ({ actor }) => listPeople(parts(), actor),
  }),
  route({
    method: 'PATCH',
    path: '/api/people/:id',
    need: { entity: 'staff', action: 'update' },
    fresh: true,
    answer: changed,
    body: Type.Object(
      { version, name: Type.Optional(Type.String({ maxLength: 60 })), joinsOn: Type.Optional(day), leavesOn: Type.Optional(day) },
      closed,
    ),
    summary: 'Change a name or the dates of employment',
    handle: async ({ scope, params, body, wrote }) => {
      const { version: seen, ...patch } = body
      const { position, ...answer } = await changePerson(parts(), { ...scope, entity: 'staff' }, idOf(params), seen, patch)
      wrote(position)
      return answer
    },
  }),
  route({
    method: 'PUT',
    path: '/api/people/:id/roles',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: changed,
    body: Type.Object({ version, roles: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 }), storeIds, accepts }, closed),
    summary: 'Say what somebody is for good',
    handle: async ({ actor, params, body, wrote }) => {
      const { position, ...answer } = await setRoles(parts(), actor, idOf(params), body)
      wrote(position)
      return answer
    },
  }),
  route({
    method: 'POST',
    path: '/api/people/:id/loans',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: lent,
    status: 201,
    body: Type.Object({ role: Type.String({ maxLength: 40 }), storeIds, ...span }, closed),
    summary: 'Give somebody a role until a day',
    handle: async ({ actor, params, body, wrote }) => {
      const { ids, position } = await lendRole(parts(), actor, idOf(params), body)
      wrote(position)
      return { ids }
    },
  }),
  route({
    method: 'POST',
    path: '/api/people/:id/suspend',
    need: { duty: 'staff.manage' },
    fresh: true,
    answer: 'none',
    summary: 'Keep somebody from acting; their sessions end',
    handle: async ({ actor, params, wrote }) => wrote((await suspend(parts(), actor, idOf(params), 'manual')).position),
  }),
  route({
    method: 'POST',
    path: '/api/people/:id/resume',
    need: { duty: 'staff.manage' },
    fresh: true,
    answer: 'none',
    summary: 'Let somebody act again',
    handle: async ({ actor, params, wrote }) => wrote((await resume(parts(), actor, idOf(params))).position),
  }),
  route({
    method: 'GET',
    path: '/api/people/:id/sight',
    need: { anyDuty: ['access.manage', 'audit.read'] },
    answer: sight,
    summary: 'What could this person see?',
    handle: async ({ actor, params }) => sightOf(parts(), actor, idOf(params)),
  }),
]

const delegations = Type.Array(Type.Object({ ids: texts, staffId: text, forStaff: text, roles: texts, starts: maybe, ends: text }))

const deviations = Type.Object({
  items: Type.Array(
    Type.Object({
      id: text,
      kind: text,
      staffId: maybe,
      reason: text,
      acceptedBy: maybe,
      at: text,
      endedAt: maybe,
      overdue: Type.Boolean(),
    }),
  ),
})

/** Who may what, and for how long. */
export const accessRoutes = (parts: () => Parts): AnyRoute[] => [
  ...peopleRoutes(parts),
  route({
    method: 'GET',
    path: '/api/me/delegations',
    need: 'session',
    answer: Type.Object({ given: delegations, received: delegations }),
    summary: 'Whom one has put in one’s place, and in whose place one stands',
    handle: async ({ actor }) => listDelegations(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/me/delegations',
    need: 'session',
    fresh: true,
    answer: lent,
    status: 201,
    body: Type.Object({ staffId: id, ...span }, closed),
    summary: 'Put a colleague in one’s place for a while',
    handle: async ({ actor, body, wrote }) => {
      const { ids, position } = await delegate(parts(), actor, body)
      wrote(position)
      return { ids }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/loans/:id',
    need: 'session',
    answer: 'none',
    summary: 'End a lent right before its time',
    handle: async ({ actor, params, wrote }) =>
      wrote((await endLoan(parts(), actor, idOf(params), hasDuty(actor, 'access.manage'))).position),
  }),
  route({
    method: 'GET',
    path: '/api/deviations',
    need: { anyDuty: ['access.manage', 'audit.read'] },
    answer: deviations,
    summary: 'Departures from the separation of powers, and who accepted them',
    handle: async () => listDeviations(parts()),
  }),
  route({
    method: 'GET',
    path: '/api/roles',
    need: { anyDuty: ['access.manage', 'staff.manage', 'audit.read'] },
    answer: roleList,
    summary: 'Every role there is, and what it may do',
    handle: async () => ({ items: (await listRoles(parts())).map(({ role, ...info }) => ({ ...info, role: role as unknown })) }),
  }),
  route({
    method: 'POST',
    path: '/api/roles',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: Type.Object({ id: text, version: Type.Integer() }),
    status: 201,
    body: Type.Object(definition, closed),
    summary: 'Define a role of one’s own',
    handle: async ({ actor, body, wrote }) => {
      const { position, ...answer } = await defineRole(parts(), actor, { ...body, version: 0 })
      wrote(position)
      return answer
    },
  }),
  route({
    method: 'PUT',
    path: '/api/roles/:id',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: Type.Object({ id: text, version: Type.Integer() }),
    body: Type.Object({ version, ...definition }, closed),
    summary: 'Change a role of one’s own',
    handle: async ({ actor, params, body, wrote }) => {
      const { position, ...answer } = await defineRole(parts(), actor, { ...body, id: idOf(params) })
      wrote(position)
      return answer
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/roles/:id',
    need: { duty: 'access.manage' },
    fresh: true,
    answer: 'none',
    body: Type.Object({ version }, closed),
    summary: 'Retire a role that nobody holds',
    handle: async ({ actor, params, body, wrote }) => wrote((await retireRole(parts(), actor, idOf(params), body.version)).position),
  }),
]
