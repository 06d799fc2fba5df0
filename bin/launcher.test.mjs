import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isInstalled } from './install.mjs'
import { linkPostgres } from './linkPostgres.mjs'
import { hardened, scrubEnvironment } from './node26.mjs'
import { canUse, giveDataFolder, isRoot } from './privileges.mjs'
import { hashFiles, listFiles } from './treeHash.mjs'

const base = mkdtempSync(join(tmpdir(), 'launcher-'))
chmodSync(base, 0o755)
afterAll(() => rmSync(base, { recursive: true, force: true }))

const start = join(import.meta.dirname, 'start.mjs')
const project = (name, files) => {
  const root = join(base, name)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

test('an unknown verb is a usage error in one line on stderr, and stdout stays empty', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [start, 'constructor'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stdout).toBe('')
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

test('installed means: every package that this platform wants, with version and content of the lock', () => {
  const mine = { version: '1.0.0', integrity: 'a', optional: true, os: [process.platform], cpu: [process.arch] }
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/d': { version: '2.0.0', integrity: 'y', dev: true },
    'node_modules/mine': mine,
    'node_modules/other': { ...mine, os: ['aix'] },
    'node_modules/helper': { version: '1.0.0', integrity: 'h', optional: true },
  }
  const { 'node_modules/other': _, 'node_modules/helper': __, '': ___, ...found } = wanted
  const installed = (packages) =>
    isInstalled(
      project('installed', {
        'package-lock.json': { packages: wanted },
        'node_modules/.package-lock.json': { packages },
      }),
    )
  expect(installed(found)).toBe(true)
  expect(installed({ ...found, 'node_modules/a': { version: '1.0.1', integrity: 'x' } })).toBe(false)
  expect(installed({ ...found, 'node_modules/a': { version: '1.0.0', integrity: 'z' } })).toBe(false)
  for (const name of Object.keys(found)) {
    const { [name]: _omitted, ...rest } = found
    expect(installed(rest), name).toBe(false)
  }
  expect(isInstalled(project('empty', { 'package-lock.json': { packages: wanted } }))).toBe(false)
})

test('library links are made once, mended when broken, and left alone when there', () => {
  const root = project('pg', {
    'native/lib/libx.so.1.2': 'library',
    'native/pg-symlinks.json': [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }],
  })
  linkPostgres(root)
  linkPostgres(root)
  expect(readlinkSync(join(root, 'native/lib/libx.so.1'))).toBe('libx.so.1.2')
  rmSync(join(root, 'native/lib/libx.so.1'))
  spawnSync('ln', ['-s', 'nowhere', join(root, 'native/lib/libx.so.1')])
  linkPostgres(root)
  expect(readFileSync(join(root, 'native/lib/libx.so.1'), 'utf8')).toBe('library')
  expect(() => linkPostgres(join(base, 'no such platform'))).not.toThrow()
})

test('what could steer Node or the database driver does not reach our processes', () => {
  const env = {
    NODE_OPTIONS: '--inspect',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_V8_COVERAGE: '/x',
    PGHOST: 'h',
    PGSSLMODE: 'disable',
    npm_config_x: '1',
  }
  const kept = { PATH: '/bin', LANG: 'zh_CN.UTF-8', DATABASE_URL: 'u', ANECHOIC_PORT: '1', NODE_EXTRA_CA_CERTS: '/ca' }
  expect(scrubEnvironment({ ...env, ...kept })).toEqual(kept)
})

test('our Node writes no core file and opens no debugger on SIGUSR1', () => {
  const script = `
    const limits = process.platform === 'linux' ? require('node:fs').readFileSync('/proc/self/limits', 'utf8') : ''
    process.kill(process.pid, 'SIGUSR1')
    setTimeout(() => { console.log(JSON.stringify({ limits, debugger: require('node:inspector').url() ?? null })); process.exit() }, 500)`
  const ask = ([command, ...args]) => JSON.parse(spawnSync(command, args, { encoding: 'utf8' }).stdout)
  expect(ask([process.execPath, '--inspect-port=0', '-e', script]).debugger).toMatch(/^ws:/) // what it would do without the flag
  const ours = ask(hardened(process.execPath, ['--inspect-port=0', '-e', script]))
  expect(ours.debugger).toBe(null)
  if (process.platform === 'linux') expect(ours.limits).toMatch(/Max core file size\s+0\s+0/)
})

test('launchers take turns, also after one died holding the lock', async () => {
  const root = project('turns', { '.cache/launch.lock': String(spawnSync(process.execPath, ['-e', '']).pid), count: '0' })
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withLaunchLock } from ${JSON.stringify(join(import.meta.dirname, 'launchLock.mjs'))}
    await withLaunchLock(${JSON.stringify(root)}, async () => {
      const seen = Number(readFileSync(${JSON.stringify(join(root, 'count'))}, 'utf8'))
      await sleep(50)
      writeFileSync(${JSON.stringify(join(root, 'count'))}, String(seen + 1))
    })`
  const ends = Array.from(
    { length: 4 },
    () =>
      new Promise((resolve) => {
        spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' }).on('exit', resolve)
      }),
  )
  expect(await Promise.all(ends)).toEqual([0, 0, 0, 0])
  expect(readFileSync(join(root, 'count'), 'utf8')).toBe('4')
  expect(existsSync(join(root, '.cache/launch.lock'))).toBe(false)
})

test('the hash of a tree follows names and contents, not tests', () => {
  const root = project('tree', { 'a/one.ts': '1', 'a/two.ts': '2' })
  const hash = () => hashFiles(root, listFiles(root, ['a', 'missing']))
  const before = hash()
  writeFileSync(join(root, 'a/one.test.ts'), 'test')
  expect(hash()).toBe(before)
  writeFileSync(join(root, 'a/one.ts'), '12')
  writeFileSync(join(root, 'a/two.ts'), '')
  expect(hash()).not.toBe(before)
})

const nobody = { name: 'nobody', uid: 65534, gid: 65534 }

test.skipIf(!isRoot)(
  'root gives a data folder away, with what lies in it, but no hard link and no foreign folder (skipped unless root)',
  () => {
    const secret = join(base, 'secret')
    writeFileSync(secret, 'of root')
    const data = join(base, 'given', 'data')
    giveDataFolder(data, nobody)
    writeFileSync(join(data, 'made-by-root'), '')
    linkSync(secret, join(data, 'planted'))
    giveDataFolder(data, nobody)
    expect(statSync(data)).toMatchObject({ uid: nobody.uid, mode: 0o40700 })
    expect(lstatSync(join(data, 'made-by-root')).uid).toBe(nobody.uid)
    expect(lstatSync(secret).uid).toBe(0)

    const foreign = project('foreign', { 'letter.txt': 'mine' })
    expect(() => giveDataFolder(foreign, nobody)).toThrow(/--data/)
    expect(statSync(foreign).uid).toBe(0)

    const closed = join(base, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    expect(() => giveDataFolder(join(closed, 'data'), nobody)).toThrow(/--data/)
  },
)

test.skipIf(!isRoot)('whether the account can use a folder is asked of the account (skipped unless root)', () => {
  const root = project('usable', { open: '', closed: '', program: '' })
  chmodSync(join(root, 'closed'), 0o600)
  chmodSync(join(root, 'program'), 0o755)
  expect(canUse(nobody, root, ['open'], ['program'])).toBe(true)
  expect(canUse(nobody, root, ['closed'])).toBe(false)
  expect(canUse(nobody, root, [], ['open'])).toBe(false)
  expect(canUse(nobody, join(root, 'missing'))).toBe(false)
})
