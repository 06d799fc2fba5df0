import Type from 'typebox'
import { catalogueFor } from '../../actions/catalogueFor.ts'
import type { Parts } from '../../actions/parts.ts'
import { listDirectory } from '../../actions/records/listDirectory.ts'
import { createRecords } from '../../actions/records/createRecords.ts'
import { createStaff } from '../../actions/access/createStaff.ts'
import { type AnyRoute, route } from '../route.ts'

const names = Type.Array(Type.String())
const label = Type.Object({ zh: Type.String(), en: Type.String() })
const catalogueAnswer = Type.Object({
  entities: Type.Array(
    Type.Object({
      name: Type.String(),
      plural: Type.String(),
      label,
      fields: Type.Array(
        Type.Object({
          name: Type.String(),
          label,
          class: Type.String(),
          kind: Type.String(),
          find: names,
          sort: Type.Boolean(),
          filter: Type.Boolean(),
          write: Type.Boolean(),
        }),
      ),
      form: names,
      columns: names,
      actions: names,
    }),
  ),
})
const hired = Type.Object({
  id: Type.String(),
  login: Type.String(),
  password: Type.Union([Type.String(), Type.Null()]),
  /** Of an invitation: its token, which goes behind `#` of `/join`. */
  invitation: Type.Union([Type.Object({ token: Type.String(), expiresAt: Type.String() }), Type.Null()]),
})

/** Stores, staff and what the catalogue says of everything. */
export const directoryRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/stores',
    need: { entity: 'store' },
    answer: 'page',
    query: ['page', 'pageSize', 'cursor'],
    summary: 'Stores',
    handle: async ({ scope, query }) => listDirectory(parts(), scope, 'name', query),
  }),
  route({
    method: 'POST',
    path: '/api/stores',
    need: { entity: 'store', action: 'create' },
    answer: 'view',
    status: 201,
    body: 'catalogue',
    summary: 'Add a store',
    handle: async ({ scope, body, wrote }) => {
      const { views, position } = await createRecords(parts(), scope, [body])
      wrote(position)
      return views[0]!
    },
  }),
  route({
    method: 'GET',
    path: '/api/staff',
    need: { entity: 'staff' },
    answer: 'page',
    query: ['page', 'pageSize', 'cursor'],
    summary: 'Staff',
    handle: async ({ scope, query }) => listDirectory(parts(), scope, 'login', query),
  }),
  route({
    method: 'POST',
    path: '/api/staff',
    need: { entity: 'staff', action: 'create' },
    answer: hired,
    status: 201,
    body: 'catalogue',
    summary: 'Add a member of staff; an invented password, or the token of an invitation, is answered once',
    handle: async ({ scope, body, wrote }) => {
      const { staff, password, invitation, position } = await createStaff(parts(), scope, body)
      wrote(position)
      return { id: staff.id, login: String((staff as { login?: unknown }).login), password, invitation }
    },
  }),
  route({
    method: 'GET',
    path: '/api/catalogue',
    need: 'session',
    programs: true,
    answer: catalogueAnswer,
    summary: 'What exists for this actor, and what they may do with it',
    handle: async ({ actor }) => catalogueFor(actor),
  }),
]
