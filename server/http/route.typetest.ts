import Type from 'typebox'
import { customer } from '../../domain/crm/customer.ts'
import type { Row } from '../../domain/catalogue/entity.ts'
import type { View } from '../../domain/catalogue/entity.ts'
import { route } from './route.ts'

declare const row: Row<typeof customer>
declare const viewed: View<typeof customer>
const base = { method: 'GET', path: '/x', need: 'session', summary: 'x' } as const

// What compiles: a view, a declared shape, a page of views.
route({ ...base, answer: 'view', handle: async () => viewed })
route({ ...base, answer: Type.Object({ id: Type.String() }), handle: async () => ({ id: 'a' }) })
route({ ...base, answer: 'page', handle: async () => ({ items: [viewed], total: 1, nextCursor: null }) })

// @ts-expect-error a stored row is not a view
route({ ...base, answer: 'view', handle: async () => row })
// @ts-expect-error nor does it pass as a page
route({ ...base, answer: 'page', handle: async () => ({ items: [row], total: 1, nextCursor: null }) })
// @ts-expect-error nor as a declared shape that happens to fit
route({ ...base, answer: Type.Object({ id: Type.String() }), handle: async () => row })
const shape = Type.Object({ items: Type.Array(Type.Object({ id: Type.String() })) })
// @ts-expect-error nor spread, nor nested
route({ ...base, answer: shape, handle: async () => ({ items: [{ ...row }] }) })
// @ts-expect-error a route without a need does not compile
route({ method: 'GET', path: '/x', summary: 'x', answer: 'none', handle: async () => {} })
// @ts-expect-error a public route has no actor for sure
route({ ...base, need: 'public', answer: Type.Object({ id: Type.String() }), handle: async ({ actor }) => ({ id: actor.staffId }) })
