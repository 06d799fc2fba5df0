import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isRoot } from './privileges.mjs'
import { Refusal, say } from './say.mjs'

/** What the tests drive besides npm's packages, by Debian package, and what shows that it is there. */
const wanted = {
  chromium: () => onPath('chromium') || onPath('chromium-browser') || onPath('google-chrome'),
  'fonts-noto-cjk': () => existsSync('/usr/share/fonts/opentype/noto') || process.platform !== 'linux',
  'poppler-utils': () => onPath('pdftotext'),
  age: () => onPath('age'),
  'libnss3-tools': () => onPath('certutil') || process.platform !== 'linux',
  pebble: () => onPath('pebble') || process.platform !== 'linux',
  xfsprogs: () => onPath('xfs_io') || process.platform !== 'linux',
  strace: () => onPath('strace') || process.platform !== 'linux',
}

/** Sees to the system packages that tests need: installed as root with apt, else named in one line. Refuses only without a browser. */
export function ensureTestPackages() {
  const missing = () => Object.keys(wanted).filter((name) => !wanted[name]())
  if (missing().length > 0 && isRoot && onPath('apt-get')) {
    say(`正在安装测试所需的系统软件包：${missing().join(' ')}……`, `Installing system packages for the tests: ${missing().join(' ')} …`)
    const apt = (...args) =>
      spawnSync('apt-get', ['-qq', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      })
    apt('update')
    apt('install', '--yes', '--no-install-recommends', ...missing())
  }
  const left = missing()
  if (left.length === 0) return
  const line = [
    `测试缺少系统软件包，请安装：sudo apt-get install ${left.join(' ')}`,
    `The tests lack system packages; install them: sudo apt-get install ${left.join(' ')}`,
  ]
  if (left.includes('chromium')) throw new Refusal(...line)
  say(...line)
}

function onPath(program) {
  return `${process.env.PATH}${delimiter}/usr/sbin`.split(delimiter).some((folder) => existsSync(join(folder, program)))
}
