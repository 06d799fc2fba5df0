import Type from 'typebox'
import { findCaller } from '../../actions/customers/findCaller.ts'
import type { Parts } from '../../actions/parts.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const place = { storeId: orNull(text), ownerId: orNull(text) }

/** Whose number it is that calls. The number stands in the body: addresses are written down on the way. */
export const callerRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'POST',
    path: '/api/callers',
    need: { duty: 'calls.take' },
    answer: Type.Object({
      phone: text,
      inside: Type.Array(Type.Object({ id: text, name: orNull(text), ...place, contact: orNull(text) })),
      outside: Type.Array(Type.Object(place)),
    }),
    body: Type.Object({ phone: Type.String({ minLength: 1, maxLength: 60 }) }, { additionalProperties: false }),
    summary: 'Whose a complete phone number is, or where to pass the call',
    handle: async ({ actor, body }) => findCaller(parts(), actor, body.phone),
  }),
]
