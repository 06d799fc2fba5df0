/** One violation: what it is, the file it is planted as, and what the gate must say about it. */
export type Plant = { readonly what: string; readonly path: string; readonly text: string; readonly rule?: string }

const imports = (from: string, specifier: string, clause = '{ a }'): Plant => ({
  what: `${from} importing ${clause} from ${specifier}`,
  path: `${from}/planted${[...specifier, ...clause].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 1_000_003, 7)}.ts`,
  text: `import ${clause} from '${specifier}'\n`,
  rule: 'no-restricted-imports',
})

const refused: readonly [string, ...string[]][] = [
  [
    'domain/crm',
    '../../server/store/records.ts',
    '../../web/app/session.ts',
    '../../test/support/api.ts',
    'node:fs',
    'fs',
    'pg',
    'fastify',
    'fs/promises',
  ],
  [
    'web/app',
    '../../server/http/route.ts',
    '../../server/crypto/aead.ts',
    '../../test/support/api.ts',
    '../../bench/a.ts',
    'node:crypto',
    'pg',
    'fastify',
    'pino',
  ],
  [
    'server/crypto',
    '../audit/audit.ts',
    '../store/records.ts',
    '../http/route.ts',
    '../auth/signIn.ts',
    '../../web/app/session.ts',
    '../../test/support/api.ts',
    'pg',
  ],
  ['server/crypto/providers', '../../store/records.ts'],
  ['server/audit', '../store/records.ts', '../auth/signIn.ts', '../search/startSearch.ts', '../http/route.ts', '../actions/parts.ts', 'pg'],
  [
    'server/store',
    '../auth/signIn.ts',
    '../search/startSearch.ts',
    '../actions/parts.ts',
    '../http/route.ts',
    '../jobs/a.ts',
    '../../web/app/session.ts',
  ],
  ['server/auth', '../search/startSearch.ts', '../actions/parts.ts', '../http/route.ts', '../jobs/a.ts', 'pg', 'kysely'],
  ['server/search', '../auth/signIn.ts', '../actions/parts.ts', '../http/route.ts', 'pg'],
  ['server/search/index', '../../http/route.ts'],
  ['server/actions', '../http/route.ts', '../../web/app/session.ts', 'pg'],
  ['server/actions/customers', '../../http/route.ts', '../imports/readImport.ts', '../audit/readAudit.ts', 'pg'],
  ['server/jobs', '../http/route.ts', '../cli/a.ts', 'pg'],
  ['server/parse', '../store/records.ts', '../crypto/aead.ts', '../http/route.ts', 'pg'],
  ['server/embedded', '../store/records.ts', '../http/route.ts'],
  ['server/outgoing', '../store/records.ts', '../relay/httpRelay.ts'],
  ['server/tls', '../store/records.ts', '../http/route.ts', 'pg'],
  ['server/mail', '../store/records.ts', '../actions/parts.ts', '../tls/acme.ts'],
  ['server/backup', '../embedded/postgres.ts', '../actions/parts.ts', '../jobs/queue.ts', '../http/route.ts', 'pg', 'pg-copy-streams'],
  ['server/http', '../cli/a.ts', '../../test/support/api.ts', '../../web/app/session.ts', 'pg'],
]

const cipherUses = [
  '{ createCipheriv }',
  '{ createHmac }',
  '{ createSecretKey }',
  '{ argon2 }',
  '{ sign }',
  '{ webcrypto }',
  '* as primitives',
  'primitives',
]

/** What oxlint must refuse. */
export const forbidden: readonly Plant[] = [
  ...refused.flatMap(([from, ...specifiers]) => specifiers.map((specifier) => imports(from, specifier))),
  imports('web/app', '../../server/http/route.ts', 'type { A }'),
  imports('domain/crm', '../../server/store/records.ts', 'type { A }'),
  ...['server/store', 'server/audit', 'server/actions/customers', 'server/http'].flatMap((from) =>
    cipherUses.map((use) => imports(from, 'node:crypto', use)),
  ),
  imports('server/auth', 'node:crypto', '{ argon2 }'),
  {
    what: 'the global crypto',
    path: 'server/store/plantedGlobal.ts',
    text: 'export const a = crypto.subtle\n',
    rule: 'no-restricted-globals',
  },
  { what: 'any', path: 'domain/text/plantedAny.ts', text: 'export const a: any = 1\n', rule: 'no-explicit-any' },
  {
    what: 'a silenced compiler',
    path: 'domain/text/plantedIgnore.ts',
    text: `// @ts-${'ignore'}\nexport const a: string = 1\n`,
    rule: 'ban-ts-comment',
  },
  {
    what: 'an expected error outside type tests',
    path: 'server/http/plantedExpect.ts',
    text: `// @ts-${'expect-error'} no\nexport const a: string = 1\n`,
    rule: 'ban-ts-comment',
  },
  {
    what: 'a loose comparison',
    path: 'domain/text/plantedEquals.ts',
    text: 'export const same = (a: unknown, b: unknown) => a == b\n',
    rule: 'eqeqeq',
  },
  { what: 'eval', path: 'server/http/plantedEval.ts', text: 'export const a = (b: string): unknown => eval(b)\n', rule: 'no-eval' },
  {
    what: 'text that reads otherwise than it runs',
    path: 'server/http/plantedBidi.ts',
    text: "export const a = '\u202e abc'\n",
    rule: 'detect-bidi-characters',
  },
]

/** What it must let pass: a gate that refuses everything proves nothing. */
export const lawful: readonly Plant[] = [
  imports('domain/crm', '../catalogue/entity.ts'),
  imports('domain/text', 'libphonenumber-js/max'),
  imports('web/app', '../../domain/policy/decide.ts'),
  imports('web/app', 'react'),
  imports('server/crypto', 'node:crypto', '{ createCipheriv }'),
  imports('server/crypto', '../../domain/errors.ts'),
  imports('server/audit', '../crypto/mac.ts'),
  imports('server/audit', 'pg', 'type pg'),
  imports('server/store', 'pg', 'pg'),
  imports('server/store', '../audit/audit.ts'),
  imports('server/store', 'node:crypto', '{ createHash, randomUUID, timingSafeEqual }'),
  imports('server/auth', '../store/records.ts'),
  imports('server/search', '../store/records.ts'),
  imports('server/actions', '../audit/audit.ts'),
  imports('server/actions/customers', '../records/viewOf.ts'),
  imports('server/actions/customers', '../../audit/audit.ts'),
  imports('server/backup', '../store/snapshot.ts'),
  imports('server/jobs', '../backup/writeBackup.ts'),
  imports('server/jobs', '../actions/parts.ts'),
  imports('server/http', '../actions/parts.ts'),
]
