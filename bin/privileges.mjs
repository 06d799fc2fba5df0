import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, lchownSync, lstatSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refusal, say } from './say.mjs'

const accountName = 'anechoic'

/** Whether this process is root and must hand the server to an account of lesser power. */
export const isRoot = process.getuid?.() === 0

/** The system account that the server runs as when root starts it: looked up, or made. Refuses in one line when neither works. */
export function ensureServiceUser() {
  const found = findUser()
  if (found) return found
  const { status } = spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--home-dir', '/var/lib/anechoic', '--shell', '/usr/sbin/nologin', accountName],
    { stdio: 'ignore', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } },
  )
  const made = status === 0 ? findUser() : null
  if (made) {
    say(`已创建系统用户 ${accountName}，服务以它运行。`, `Made the system user ${accountName}; the server runs as it.`)
    return made
  }
  throw new Refusal(
    `无法创建系统用户 ${accountName}：请先用系统工具创建它，或以普通用户身份启动。`,
    `Cannot make the system user ${accountName}: make it with your system's tool first, or start as an ordinary user.`,
  )
}

function findUser() {
  const ask = (flag) => {
    const { status, stdout } = spawnSync('id', [flag, accountName], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : 0
  }
  const user = { name: accountName, uid: ask('-u'), gid: ask('-g') }
  return user.uid > 0 && user.gid > 0 ? user : null
}

/** Whether `user` can enter `folder` and use what is in it: each of `files` readable, each of `programs` executable. */
export function canUse(user, folder, files = [], programs = []) {
  const script =
    'cd "$1" || exit 1; shift; flag=-r; for f; do if [ "$f" = -- ]; then flag=-x; continue; fi; test $flag "$f" || exit 1; done'
  const { status } = spawnSync('/bin/sh', ['-c', script, 'sh', folder, ...files, '--', ...programs], {
    cwd: '/',
    uid: user.uid,
    gid: user.gid,
    stdio: 'ignore',
  })
  return status === 0
}

/**
 * Gives the data folder to `user`, made when missing, mode 0700. Refuses a folder that holds something else (so that `--data /etc` does no
 * harm) and one that the account cannot reach. What root's own acts left inside is given over too.
 */
export function giveDataFolder(dataDir, user) {
  const firstMade = mkdirSync(dataDir, { recursive: true })
  for (let made = dataDir; firstMade && made.length >= firstMade.length; made = dirname(made)) chmodSync(made, 0o755)
  const folder = realpathSync(dataDir)
  const entries = readdirSync(folder).filter((name) => name !== 'lost+found')
  if (!existsSync(join(folder, 'format'))) {
    if (entries.length > 0) {
      throw new Refusal(
        `文件夹 ${dataDir} 里有别的东西，不是 Anechoic 的数据：请用 --data 指定一个空文件夹。`,
        `The folder ${dataDir} holds something else, not data of Anechoic: name an empty folder with --data.`,
      )
    }
    writeFileSync(join(folder, 'format'), '1\n', { mode: 0o644, flag: 'wx' })
  }
  chmodSync(folder, 0o700)
  giveTree(folder, user)
  if (!canUse(user, folder)) {
    throw new Refusal(
      `系统用户 ${user.name} 无法到达数据文件夹 ${dataDir}：请用 --data 指定它能到达的位置（如 /var/lib/anechoic），或放开上级文件夹的执行权限。`,
      `The system user ${user.name} cannot reach the data folder ${dataDir}: name a place it can reach with --data (such as /var/lib/anechoic), or open the folders above to it.`,
    )
  }
}

/** Files with a second name (hard links) are left alone: the account could have planted one to a file of root's. */
function giveTree(path, user) {
  // A database that is just being shut down removes files while we walk.
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  try {
    if (stat.uid !== user.uid && (stat.isDirectory() || stat.nlink === 1)) lchownSync(path, user.uid, user.gid)
    if (stat.isDirectory()) for (const name of readdirSync(path)) giveTree(join(path, name), user)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
