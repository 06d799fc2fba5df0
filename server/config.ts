import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type MailConfig, type OutgoingKey, outgoingVariables, readAllowed, readMail } from './config/outgoing.ts'
import { readSingleSignOn, type SingleSignOnConfig, type SingleSignOnKey, singleSignOnVariables } from './config/singleSignOn.ts'
import { invalid, readPort, type Source } from './config/source.ts'
import { readTransit, type TransitConfig, type TransitKey, transitVariables } from './config/transit.ts'

/** What the server is told at start. Command line outranks environment, which outranks the configuration file. */
export type Config = TransitConfig & {
  readonly port: number
  /** Absolute path. */
  readonly dataDir: string
  /** Null: the embedded database. */
  readonly databaseUrl: string | null
  /** Null: with an external database, a role of our own is made. */
  readonly runtimeDatabaseUrl: string | null
  readonly keyProvider: 'file' | 'passphrase'
  /** Where backups started from the browser go; null: nowhere, since only the owner knows which folder is another disk. */
  readonly backups: string | null
  /** The platform for relayed calls (docs/number-relay.md); null: calls go straight to the number. `caFile`: a certificate authority of one's own. */
  readonly relay: { readonly url: string; readonly token: string; readonly minutes: number; readonly caFile: string | null } | null
  /** Places user-entered addresses may lead to though they are private or on another port. */
  readonly outgoingAllow: readonly string[]
  readonly mail: MailConfig | null
  readonly singleSignOn: SingleSignOnConfig | null
  /** Load a believable dealer, with so many customers. */
  readonly demo: boolean
  readonly demoCustomers: number
  /** False: no HTTP port, only the local socket (a CLI verb started the server for itself). */
  readonly listen: boolean
  /** Fill an empty data folder from a backup on standard input, and end. */
  readonly restore: boolean
}

type Key =
  | TransitKey
  | OutgoingKey
  | SingleSignOnKey
  | 'port'
  | 'data'
  | 'databaseUrl'
  | 'runtimeDatabaseUrl'
  | 'keyProvider'
  | 'backups'
  | 'relayUrl'
  | 'relayToken'
  | 'relayMinutes'
  | 'relayCaFile'
  | 'demoCustomers'

/** Every setting: its environment variable; its key in the file is `Key`. */
const variables: Record<Key, string> = {
  port: 'ANECHOIC_PORT',
  ...transitVariables,
  ...outgoingVariables,
  ...singleSignOnVariables,
  data: 'ANECHOIC_DATA',
  databaseUrl: 'DATABASE_URL',
  runtimeDatabaseUrl: 'ANECHOIC_RUNTIME_DATABASE_URL',
  keyProvider: 'ANECHOIC_KEY_PROVIDER',
  backups: 'ANECHOIC_BACKUPS',
  relayUrl: 'ANECHOIC_RELAY_URL',
  relayToken: 'ANECHOIC_RELAY_TOKEN',
  relayMinutes: 'ANECHOIC_RELAY_MINUTES',
  relayCaFile: 'ANECHOIC_RELAY_CA_FILE',
  demoCustomers: 'ANECHOIC_DEMO_CUSTOMERS',
}

/** Variables read elsewhere: the file's own, and the CLI's service account. */
const otherVariables = ['ANECHOIC_CONFIG', 'ANECHOIC_TOKEN']

const defaultPort = 7410

/**
 * The validated configuration from arguments (`serve --port N --host H --data DIR --config FILE --demo --no-listen`, all optional),
 * environment
 * and file. Throws `config_invalid` with `option` and `problem` for the first thing wrong: a misspelt name must not quietly mean the
 * default.
 */
export function readConfig(argv: string[], env: NodeJS.ProcessEnv): Config {
  refuseUnknownVariables(env)
  const args = parseArguments(argv)
  const configFile = args.config ?? env['ANECHOIC_CONFIG']
  const file = configFile === undefined ? {} : readConfigFile(configFile)
  const find = (key: Key): Source | null => {
    const flag = key === 'port' || key === 'host' || key === 'data' ? args[key] : undefined
    if (flag !== undefined) return { name: `--${key}`, value: flag }
    const variable = env[variables[key]]
    if (variable !== undefined && variable !== '') return { name: variables[key], value: variable }
    const value = file[key]
    return value === undefined ? null : { name: `${configFile}: ${key}`, value }
  }
  const keyProvider = readKeyProvider(find('keyProvider'))
  if (args.demo && keyProvider === 'passphrase') throw invalid('--demo', 'demo_with_passphrase')
  const port = find('port')
  return Object.freeze({
    ...readTransit(find),
    port: port === null ? defaultPort : readPort(port),
    dataDir: resolve(find('data')?.value ?? defaultDataDir(env)),
    databaseUrl: readDatabaseUrl(find('databaseUrl')),
    runtimeDatabaseUrl: readDatabaseUrl(find('runtimeDatabaseUrl')),
    backups: readBackups(find('backups')),
    relay: readRelay(find),
    outgoingAllow: readAllowed(find('outgoingAllow')),
    mail: readMail(find),
    singleSignOn: readSingleSignOn(find),
    keyProvider,
    demo: args.demo ?? false,
    demoCustomers: readDemoCustomers(find('demoCustomers')),
    listen: !(args['no-listen'] ?? false),
    restore: args.restore ?? false,
  })
}

/**
 * Where data lies unless told otherwise: /var/lib/anechoic for root and its service account, else the user's XDG data folder (basedir-
 * spec).
 */
export function defaultDataDir(env: NodeJS.ProcessEnv, uid = process.getuid?.()): string {
  if (uid === 0) return '/var/lib/anechoic'
  const xdg = env['XDG_DATA_HOME']
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share'), 'anechoic')
}

function refuseUnknownVariables(env: NodeJS.ProcessEnv): void {
  const known = new Set([...Object.values(variables), ...otherVariables])
  for (const name of Object.keys(env)) {
    if (name.startsWith('ANECHOIC_') && !known.has(name)) throw invalid(name, 'unknown')
  }
}

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  config: { type: 'string' },
  demo: { type: 'boolean' },
  'no-listen': { type: 'boolean' },
  restore: { type: 'boolean' },
} as const

function parseArguments(argv: string[]) {
  const rest = argv[0] === 'serve' ? argv.slice(1) : argv
  try {
    return parseArgs({ args: rest, options, strict: true, allowPositionals: false }).values
  } catch {
    const known = new Set(Object.keys(options).map((name) => `--${name}`))
    throw invalid(rest.find((arg) => !known.has(arg.split('=')[0] ?? '')) ?? rest.at(-1) ?? '', 'unknown_or_incomplete')
  }
}

function readConfigFile(path: string): Partial<Record<Key, string>> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw invalid(path, error instanceof SyntaxError ? 'not_json' : 'unreadable')
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw invalid(path, 'not_object')
  const settings: Partial<Record<Key, string>> = {}
  for (const [key, value] of Object.entries(content)) {
    if (!isKey(key)) throw invalid(`${path}: ${key}`, 'unknown')
    if (typeof value !== 'string' && !(/^(?:port|httpPort|publicPort)$/.test(key) && typeof value === 'number'))
      throw invalid(`${path}: ${key}`, 'wrong_type')
    settings[key] = String(value)
  }
  return settings
}

function isKey(text: string): text is Key {
  return Object.hasOwn(variables, text)
}

function readDemoCustomers(source: Source | null): number {
  if (source === null) return 2_000
  const count = /^\d{1,5}$/.test(source.value) ? Number(source.value) : 0
  if (count < 20 || count > 20_000) throw invalid(source.name, 'not_a_demo_size')
  return count
}

/** Absolute: the server does not run where the setting was written. */
function readBackups(source: Source | null): string | null {
  if (source === null) return null
  if (!isAbsolute(source.value)) throw invalid(source.name, 'not_absolute')
  return resolve(source.value)
}

function readKeyProvider(source: Source | null): 'file' | 'passphrase' {
  if (source === null) return 'file'
  if (source.value !== 'file' && source.value !== 'passphrase') throw invalid(source.name, 'not_a_provider')
  return source.value
}

/**
 * Only the shape is looked at here; whether the connection is safe is `verifyTls`'s business. The value never gets into an error: it holds
 * a password.
 */
function readDatabaseUrl(source: Source | null): string | null {
  if (source === null) return null
  if (!/^postgres(ql)?:\/\//.test(source.value) || !URL.canParse(source.value.replace('@/', '@localhost/')))
    throw invalid(source.name, 'not_a_database_url')
  return source.value
}

const shortestToken = 8
const defaultRelayMinutes = 10
const longestRelayMinutes = 120

/** All or nothing: an address without its token, or the other way round, is a mistake and not a relay that is off. The token never gets into an error. */
function readRelay(find: (key: Key) => Source | null): Config['relay'] {
  const [url, token, minutes, caFile] = [find('relayUrl'), find('relayToken'), find('relayMinutes'), find('relayCaFile')]
  if (url === null) {
    const stray = token ?? minutes ?? caFile
    if (stray !== null) throw invalid(stray.name, 'without_relay_url')
    return null
  }
  if (!URL.canParse(url.value) || new URL(url.value).protocol !== 'https:') throw invalid(url.name, 'not_https')
  if (new URL(url.value).username !== '' || new URL(url.value).password !== '') throw invalid(url.name, 'holds_a_password')
  if (token === null) throw invalid(variables.relayToken, 'missing')
  if (token.value.length < shortestToken || !/^[\x21-\x7e]+$/.test(token.value)) throw invalid(token.name, 'not_a_token')
  const asked = minutes === null ? defaultRelayMinutes : /^\d{1,3}$/.test(minutes.value) ? Number(minutes.value) : 0
  if (asked < 1 || asked > longestRelayMinutes) throw invalid(minutes?.name ?? variables.relayMinutes, 'not_minutes')
  return { url: url.value, token: token.value, minutes: asked, caFile: caFile === null ? null : resolve(caFile.value) }
}
