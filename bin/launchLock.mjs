import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say } from './say.mjs'

/**
 * Runs `action` while no other launcher works on this project, and waits for one that does. The lock file appears in one step with its
 * holder's
 * process id in it (link(2)), and one of a dead holder is moved aside; where the folder cannot be written, `action` fails by itself.
 */
export async function withLaunchLock(root, action) {
  const folder = join(root, '.cache')
  mkdirSync(folder, { recursive: true })
  const lock = join(folder, 'launch.lock')
  const mine = join(folder, `launch.${process.pid}`)
  writeFileSync(mine, String(process.pid))
  try {
    for (let told = false; !tryLink(mine, lock); told = true) {
      const holder = read(lock)
      if (holder !== '' && !isAlive(Number(holder))) setAside(lock, holder)
      else {
        if (!told) say('另一个启动正在准备，等待它完成……', 'Another start is preparing, waiting for it …')
        await sleep(200)
      }
    }
  } finally {
    rmSync(mine, { force: true })
  }
  try {
    return await action()
  } finally {
    rmSync(lock, { force: true })
  }
}

function tryLink(mine, lock) {
  try {
    linkSync(mine, lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

/** Two launchers may find the same dead holder; whoever moved a lock that was fresh already puts it back. */
function setAside(lock, holder) {
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    if (read(aside) !== holder) tryLink(aside, lock)
    rmSync(aside, { force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // gone meanwhile
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
