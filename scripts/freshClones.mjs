// What newcomers get: clones the committed project into a folder with a space and Chinese characters, with an empty npm cache, and runs the
// README's two commands there, for each npm asked for and as root and as an ordinary user whose home folder nobody else may enter.
//   node scripts/freshClones.mjs [--npm 10,11,12] [--as root,user] [--test none|all|<arguments of npm test>]
// Run as root, on any Node: it makes the ordinary user and removes it again. Prints one line of JSON for each clone; exits 1 if any failed.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const project = dirname(dirname(fileURLToPath(import.meta.url)))
const { values: asked } = parseArgs({
  options: {
    npm: { type: 'string', default: '10,11,12' },
    as: { type: 'string', default: 'root,user' },
    test: { type: 'string', default: 'none' },
  },
})

const base = mkdtempSync(join(tmpdir(), 'anechoic-newcomer-'))
chmodSync(base, 0o755)
const login = `newcomer${process.pid}`

/** Returns a TCP port that was free just now. */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** Returns uid, gid and home of the ordinary user, made at the first call. */
const ordinaryUser = () => {
  const home = join(base, 'home')
  try {
    execFileSync('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/bash', login], { stdio: 'ignore' })
  } catch {} // is there already
  chmodSync(home, 0o700)
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, login], { encoding: 'utf8' })))
  return { uid, gid, home }
}

const installNpm = (version) => {
  const folder = join(base, `npm${version}`)
  mkdirSync(folder)
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `npm@${version}`], { stdio: 'ignore' })
  return join(folder, 'node_modules', '.bin')
}

const livez = async (port) => {
  try {
    return (await fetch(`http://localhost:${port}/livez`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

/** Starts the product, waits until it lives, stops it. Returns the seconds it took to live. */
const startOnce = async (run, place, port, limit) => {
  const began = Date.now()
  const child = run(['start', '--', '--port', String(port), '--data', place.data], `${place.log}-start.log`)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let alive = false
  let gone = false
  void ended.then(() => (gone = true))
  while (!gone && !alive && Date.now() - began < limit * 1_000) {
    await setTimeout(500)
    alive = await livez(port)
  }
  const seconds = Math.round((Date.now() - began) / 100) / 10
  if (!gone) process.kill(-child.pid, 'SIGTERM')
  await Promise.race([ended, setTimeout(30_000)])
  if (!alive) throw new Error(`not up after ${seconds} s: ${readFileSync(`${place.log}-start.log`, 'utf8').slice(-1_500)}`)
  return seconds
}

const tryClone = async (npm, bin, as) => {
  const user = as === 'user' ? ordinaryUser() : null
  const folder = join(user ? user.home : base, `npm ${npm} ${as}`)
  mkdirSync(folder)
  if (user) chownSync(folder, user.uid, user.gid)
  const clone = join(folder, '静 室')
  const identity = user ? { uid: user.uid, gid: user.gid } : {}
  // A newcomer has the machine's certificates and nothing of the npm that runs this script.
  const machine = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|NODE_OPTIONS)/i.test(name)))
  const env = {
    ...machine,
    PATH: `${bin}:${process.env.PATH}`,
    HOME: user ? user.home : process.env.HOME,
    npm_config_cache: join(folder, 'npm-cache'),
    ...(user ? { USER: login, LOGNAME: login } : {}),
  }
  // The clone is the newcomer's own; git refuses to read another user's repository unless told that this is meant.
  execFileSync('git', [
    '-c',
    `safe.directory=${project}/.git`,
    '-c',
    `safe.directory=${project}`,
    'clone',
    '-q',
    '--no-hardlinks',
    project,
    clone,
  ])
  if (user) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, folder])
  const run = (args, log) => {
    const out = openSync(log, 'w')
    return spawn('npm', args, { cwd: clone, env, ...identity, detached: true, stdio: ['ignore', out, out] })
  }
  const place = { data: join(user ? folder : base, `data ${npm} ${as}`), log: join(base, `${npm}-${as}`) }
  const version = execFileSync('npm', ['--version'], { cwd: clone, env, ...identity, encoding: 'utf8' }).trim()
  const port = await freePort()
  const first = await startOnce(run, place, port, 600)
  const second = await startOnce(run, place, port, 60)
  const result = { npm: version, as, first, second }
  if (asked.test !== 'none') {
    const began = Date.now()
    const log = `${place.log}-test.log`
    const child = run(['test', ...(asked.test === 'all' ? [] : ['--', ...asked.test.split(' ')])], log)
    const code = await new Promise((resolve) => child.once('exit', resolve))
    const said = readFileSync(log, 'utf8').trimEnd()
    Object.assign(result, { test: code, seconds: Math.round((Date.now() - began) / 1_000), said: said.split('\n').at(-1) })
    if (code !== 0) process.stderr.write(`${said.slice(0, 2_000) + said.slice(-8_000)}\n`)
  }
  rmSync(folder, { recursive: true, force: true })
  return result
}

let failed = 0
try {
  for (const npm of asked.npm.split(',')) {
    const bin = installNpm(npm)
    for (const as of asked.as.split(',')) {
      const result = await tryClone(npm, bin, as).catch((error) => ({ npm, as, problem: error.message }))
      if (result.problem || result.test) failed++
      process.stdout.write(`${JSON.stringify(result)}\n`)
    }
  }
} finally {
  if (asked.as.includes('user')) {
    try {
      execFileSync('userdel', [login], { stdio: 'ignore' })
    } catch {} // was never made
  }
  rmSync(base, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
