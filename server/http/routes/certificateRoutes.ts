import Type from 'typebox'
import { isCertificateDue } from '../../../domain/continuity/certificateDue.ts'
import type { CertificateStatus } from '../../tls/liveCertificate.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const status = Type.Object({
  certificate: orNull(
    Type.Object({
      source: text,
      names: Type.Array(text),
      issuer: orNull(text),
      notAfter: orNull(text),
      daysLeft: orNull(Type.Integer()),
      renewedAt: orNull(text),
      problem: orNull(text),
      authority: orNull(text),
    }),
  ),
  due: Type.Boolean(),
})

/** The certificate that is served, for those who look after the installation; null where TLS is not ours to serve. */
export const certificateRoutes = (certificate: () => CertificateStatus | null): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/certificate',
    need: { duty: 'keys.read' },
    answer: status,
    summary: 'The certificate of this server and whether it must be seen to',
    handle: async () => {
      const held = certificate()
      const found = held && { ...held, names: [...held.names] }
      return { certificate: found, due: held !== null && isCertificateDue(held) }
    },
  }),
]
