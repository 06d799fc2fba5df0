import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { AppError } from '../domain/errors.ts'
import { defaultDataDir, readConfig } from './config.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(content: string): string {
  const path = join(folder, 'anechoic.json')
  writeFileSync(path, content)
  return path
}

function problemOf(argv: string[], env: NodeJS.ProcessEnv = {}): unknown {
  try {
    return readConfig(argv, env)
  } catch (error) {
    return error instanceof AppError && error.code === 'config_invalid' ? error.details : error
  }
}

test('without a word it is localhost:7410, embedded database, key file', () => {
  expect(readConfig([], { XDG_DATA_HOME: '/x' })).toMatchObject({
    host: 'localhost',
    port: 7410,
    databaseUrl: null,
    runtimeDatabaseUrl: null,
    keyProvider: 'file',
    backups: null,
    relay: null,
    demo: false,
    demoCustomers: 2_000,
    listen: true,
    restore: false,
  })
  expect(readConfig(['--demo'], { ANECHOIC_DEMO_CUSTOMERS: '60' })).toMatchObject({ demo: true, demoCustomers: 60 })
})

test('the data folder is the system one for root, the XDG one for a user; a relative XDG path is ignored as its specification says', () => {
  expect(defaultDataDir({ XDG_DATA_HOME: '/x' }, 0)).toBe('/var/lib/anechoic')
  expect(defaultDataDir({ XDG_DATA_HOME: '/x' }, 1000)).toBe('/x/anechoic')
  expect(defaultDataDir({ XDG_DATA_HOME: 'x' }, 1000)).toMatch(/\/\.local\/share\/anechoic$/)
})

test('command line outranks environment, environment outranks file', () => {
  const config = file('{"port": 1, "host": "127.0.0.1", "keyProvider": "passphrase", "data": "/c"}')
  const env = { ANECHOIC_CONFIG: config, ANECHOIC_PORT: '2', ANECHOIC_DATA: '/b' }
  expect(readConfig(['serve', '--port', '3', '--no-listen'], env)).toMatchObject({
    port: 3,
    dataDir: '/b',
    host: '127.0.0.1',
    keyProvider: 'passphrase',
    demo: false,
    listen: false,
  })
  expect(readConfig([`--config=${config}`], {})).toMatchObject({ port: 1, dataDir: '/c' })
})

test.each([
  [['--port', 'x'], {}, '--port', 'not_a_port'],
  [['--demo'], { ANECHOIC_KEY_PROVIDER: 'passphrase' }, '--demo', 'demo_with_passphrase'],
  [['--demo'], { ANECHOIC_DEMO_CUSTOMERS: '5' }, 'ANECHOIC_DEMO_CUSTOMERS', 'not_a_demo_size'],
  [[], { ANECHOIC_PORT: '65536' }, 'ANECHOIC_PORT', 'not_a_port'],
  [[], { ANECHOIC_PORT: '-1' }, 'ANECHOIC_PORT', 'not_a_port'],
  [['--prot', '1'], {}, '--prot', 'unknown_or_incomplete'],
  [['--port'], {}, '--port', 'unknown_or_incomplete'],
  [['extra'], {}, 'extra', 'unknown_or_incomplete'],
  [[], { ANECHOIC_PROT: '1' }, 'ANECHOIC_PROT', 'unknown'],
  [['--host', '0.0.0.0'], {}, '--host', 'tls_needed'],
  [['--host', '127.0.0.1.evil.example'], {}, '--host', 'tls_needed'],
  [[], { ANECHOIC_KEY_PROVIDER: 'kms' }, 'ANECHOIC_KEY_PROVIDER', 'not_a_provider'],
  [[], { ANECHOIC_BACKUPS: 'backups' }, 'ANECHOIC_BACKUPS', 'not_absolute'],
  [[], { ANECHOIC_RELAY_TOKEN: 'geheimnis' }, 'ANECHOIC_RELAY_TOKEN', 'without_relay_url'],
  [[], { ANECHOIC_RELAY_URL: 'http://relay.example', ANECHOIC_RELAY_TOKEN: 'geheimnis' }, 'ANECHOIC_RELAY_URL', 'not_https'],
  [[], { ANECHOIC_RELAY_URL: 'https://a:b@relay.example', ANECHOIC_RELAY_TOKEN: 'geheimnis' }, 'ANECHOIC_RELAY_URL', 'holds_a_password'],
  [[], { ANECHOIC_RELAY_URL: 'https://relay.example' }, 'ANECHOIC_RELAY_TOKEN', 'missing'],
  [[], { ANECHOIC_RELAY_URL: 'https://relay.example', ANECHOIC_RELAY_TOKEN: 'zwei\nzeilen' }, 'ANECHOIC_RELAY_TOKEN', 'not_a_token'],
  [
    [],
    { ANECHOIC_RELAY_URL: 'https://relay.example', ANECHOIC_RELAY_TOKEN: 'geheimnis', ANECHOIC_RELAY_MINUTES: '0' },
    'ANECHOIC_RELAY_MINUTES',
    'not_minutes',
  ],
  [[], { DATABASE_URL: 'mysql://u:secret@h/d' }, 'DATABASE_URL', 'not_a_database_url'],
  [[], { DATABASE_URL: 'postgres://u:secret@[h/d' }, 'DATABASE_URL', 'not_a_database_url'],
  [['--config', '/nowhere.json'], {}, '/nowhere.json', 'unreadable'],
])('%j with %j is refused by name', (argv, env, option, problem) => {
  expect(problemOf(argv, env)).toEqual({ option, problem })
})

test.each([
  ['{', '', 'not_json'],
  ['[]', '', 'not_object'],
  ['{"prot": 1}', ': prot', 'unknown'],
  ['{"__proto__": "x"}', ': __proto__', 'unknown'],
  ['{"host": 5}', ': host', 'wrong_type'],
])('a configuration file with %s is refused by name', (content, at, problem) => {
  const path = file(content)
  expect(problemOf(['--config', path])).toEqual({ option: `${path}${at}`, problem })
})
