import Type from 'typebox'
import { AppError } from '../../../domain/errors.ts'
import { issueCertificate } from '../../actions/erasures/certificate.ts'
import { listErasures } from '../../actions/erasures/listErasures.ts'
import { verifyCertificate } from '../../actions/erasures/verifyCertificate.ts'
import type { Parts } from '../../actions/parts.ts'
import { printCertificate } from '../../print/erasureCertificate.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const whole = Type.Integer()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const line = Type.Object({
  subject: whole,
  entity: text,
  erasedAt: text,
  completeBy: text,
  state: text,
  epoch: orNull(whole),
  ground: text,
  staffId: orNull(text),
  staffName: orNull(text),
  index: orNull(whole),
  counts: Type.Array(Type.Object({ entity: text, count: whole })),
})

const need = { duty: 'audit.read' } as const

const subjectOf = (params: Readonly<Record<string, string>>): number => {
  const given = params['subject'] ?? ''
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new AppError('not_found')
  return Number(given)
}

const cursorOf = (query: URLSearchParams): number | undefined => {
  const given = query.get('cursor')
  if (given === null) return undefined
  if (!/^\d{1,15}$/.test(given)) throw new AppError('input_invalid', { problems: [{ field: 'cursor', problem: 'format' }] })
  return Number(given)
}

/** The register of erasures and their certificates: also long after the dialog that did it was closed. */
export const erasureRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/erasures',
    need,
    answer: Type.Object({ items: Type.Array(line), nextCursor: orNull(text) }),
    query: ['cursor'],
    summary: 'Who was erased, by number, newest first',
    handle: async ({ actor, query }) => listErasures(parts(), actor, cursorOf(query)),
  }),
  route({
    method: 'GET',
    path: '/api/erasures/:subject/certificate.json',
    need,
    answer: 'download',
    summary: 'Certificate of an erasure, as JSON',
    handle: async ({ actor, params }) => {
      const subject = subjectOf(params)
      const content = `${JSON.stringify(await issueCertificate(parts(), actor, subject), null, 2)}\n`
      return { contentType: 'application/json; charset=utf-8', fileName: `erasure-${subject}.json`, content }
    },
  }),
  route({
    method: 'GET',
    path: '/api/erasures/:subject/certificate.pdf',
    need,
    answer: 'download',
    summary: 'Certificate of an erasure, as PDF',
    handle: async ({ actor, params }) => {
      const subject = subjectOf(params)
      const content = await printCertificate(await issueCertificate(parts(), actor, subject))
      return { contentType: 'application/pdf', fileName: `erasure-${subject}.pdf`, content }
    },
  }),
  route({
    method: 'POST',
    path: '/api/erasures/verify',
    need,
    answer: Type.Object({ genuine: Type.Boolean(), problems: Type.Array(text) }),
    body: Type.Record(Type.String({ maxLength: 40 }), Type.Unknown()),
    summary: 'Check a certificate that somebody brings',
    handle: async ({ actor, body }) => verifyCertificate(parts(), actor, body),
  }),
]
