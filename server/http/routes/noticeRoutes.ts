import Type from 'typebox'
import type { Parts } from '../../actions/parts.ts'
import { ownNotices, seeNotices } from '../../actions/me/notices.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const notice = Type.Object({
  id: Type.Integer(),
  kind: text,
  detail: Type.Record(text, Type.Union([text, Type.Number(), Type.Boolean(), Type.Null()])),
  at: text,
  seenAt: Type.Union([text, Type.Null()]),
})

/** What the product tells the signed-in person. */
export const noticeRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/notices',
    need: 'session',
    answer: Type.Object({ items: Type.Array(notice), unseen: Type.Integer() }),
    summary: 'Own notices, newest first',
    handle: async ({ actor }) => ownNotices(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/notices/seen',
    need: 'session',
    answer: 'none',
    body: Type.Object({ upTo: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
    summary: 'Note that own notices were seen, up to one',
    handle: async ({ actor, body }) => seeNotices(parts(), actor, body.upTo),
  }),
]
