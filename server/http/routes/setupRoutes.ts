import Type from 'typebox'
import type { SetUp, SetUpAnswer } from '../../actions/setup/setUp.ts'
import { proveKit } from '../../actions/setup/proveKit.ts'
import type { Parts } from '../../actions/parts.ts'
import type { CertificateStatus } from '../../tls/liveCertificate.ts'
import type { Phase } from '../phase.ts'
import { type AnyRoute, route } from '../route.ts'

/** What `doctor` found; not ok: `detail` says what to do. */
export type Check = { name: string; ok: boolean; detail: string }

/** What the house offers before it is ready. */
export type Installation = {
  readonly phase: () => Phase
  readonly parts: () => Parts
  readonly state: () => Promise<{
    phase: Phase
    company?: string
    version: string
    languages: string[]
    provider: string
    singleSignOn?: string
  }>
  /** Sets up once; the same request again while its answer is fresh gets the same answer. Throws `setup_done`. */
  readonly setUp: (asked: SetUp) => Promise<SetUpAnswer>
  readonly unseal: (passphrase: string) => Promise<void>
  readonly doctor: () => Promise<Check[]>
  /** The certificate that is served; null where TLS is not ours to serve. */
  readonly certificate: () => CertificateStatus | null
}

const closed = { additionalProperties: false } as const
const token = Type.Optional(Type.String({ maxLength: 100 }))
const line = Type.String({ minLength: 1, maxLength: 200 })
const setupBody = Type.Object(
  {
    token,
    company: line,
    store: line,
    owner: Type.Object({ login: line, name: line, password: Type.String({ maxLength: 512 }) }, closed),
    kit: Type.Union([
      Type.Object({ shares: Type.Literal(5), threshold: Type.Literal(3) }, closed),
      Type.Object({ shares: Type.Literal(3), threshold: Type.Literal(2) }, closed),
    ]),
    passphrase: Type.Optional(Type.String({ maxLength: 512 })),
  },
  closed,
)
const made = Type.Object({ shares: Type.Array(Type.String()), kitId: Type.String(), recipient: Type.String() })
const proveBody = Type.Object({ token, shares: Type.Array(Type.String({ maxLength: 500 }), { minItems: 1, maxItems: 10 }) }, closed)
const check = Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() })
const state = Type.Object({
  phase: Type.String(),
  company: Type.Optional(Type.String()),
  version: Type.String(),
  languages: Type.Array(Type.String()),
  provider: Type.String(),
  /** What single sign-on is called here; absent: there is none. */
  singleSignOn: Type.Optional(Type.String()),
})

/** State, setup, the recovery kit's proof, unsealing. */
export const setupRoutes = (installation: Installation): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/state',
    need: 'public',
    answer: state,
    phases: 'any',
    summary: 'Where the installation stands',
    handle: async () => installation.state(),
  }),
  route({
    method: 'POST',
    path: '/api/setup',
    need: 'setup',
    answer: made,
    body: setupBody,
    phases: 'any',
    summary: 'Set up company, store, owner and recovery kit',
    handle: async ({ body: { token: _token, ...asked } }) => installation.setUp(asked),
  }),
  route({
    method: 'POST',
    path: '/api/setup/prove',
    need: 'setup',
    fresh: true,
    answer: Type.Object({ proven: Type.Literal(true) }),
    body: proveBody,
    summary: 'Prove the recovery kit by its shares',
    handle: async ({ actor, body }) => proveKit(installation.parts(), actor, body.shares),
  }),
  route({
    method: 'GET',
    path: '/api/doctor',
    need: 'local',
    answer: Type.Object({ ok: Type.Boolean(), checks: Type.Array(check) }),
    phases: 'any',
    summary: 'What is well and what is not',
    handle: async () => {
      const checks = await installation.doctor()
      return { ok: checks.every(({ ok }) => ok), checks }
    },
  }),
  route({
    method: 'POST',
    path: '/api/unseal',
    need: 'public',
    answer: 'none',
    body: Type.Object({ passphrase: Type.String({ maxLength: 512 }) }, closed),
    phases: 'sealed',
    summary: 'Unseal with the passphrase',
    handle: async ({ body }) => installation.unseal(body.passphrase),
  }),
]
