import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunAs } from './runAs.ts'

/** sun_path holds 108 bytes with its closing zero on Linux (unix(7)), 104 on macOS and the BSDs. */
const longestPath = process.platform === 'linux' ? 107 : 103

const socketName = '/.s.PGSQL.5432'

/** A folder for the database's socket; `remove` tidies it up after a stop. */
export type SocketFolder = { path: string; remove: () => void }

/**
 * A folder of mode 0700 for the socket: `run/` in the data folder, or, where that path is too long for a socket, a folder with a random
 * name
 * under /run/user or /tmp (mkdtemp: nobody can have made it before us). What a killed run left there is removed first.
 */
export function makeSocketFolder(dataDir: string, owner: RunAs = {}): SocketFolder {
  const note = join(dataDir, 'socket-folder')
  removeNoted(note)
  const inside = join(dataDir, 'run')
  if (Buffer.byteLength(inside + socketName) <= longestPath) {
    mkdirSync(inside, { recursive: true, mode: 0o700 })
    own(inside, owner)
    return { path: inside, remove: () => {} }
  }
  const path = mkdtempSync(join(outsideParent(owner), 'anechoic-'))
  own(path, owner)
  writeFileSync(note, path, { mode: 0o600 })
  return { path, remove: () => removeNoted(note) }
}

function own(path: string, { uid, gid }: RunAs): void {
  chmodSync(path, 0o700)
  if (uid !== undefined) chownSync(path, uid, gid ?? uid)
}

function outsideParent({ uid }: RunAs): string {
  const me = uid ?? process.getuid?.() ?? -1
  const personal = `/run/user/${me}`
  return existsSync(personal) && lstatSync(personal).uid === me ? personal : '/tmp'
}

function removeNoted(note: string): void {
  if (!existsSync(note)) return
  const left = readFileSync(note, 'utf8')
  // Only what this file itself could have made: the note lies in a folder that the database's uid may write to.
  if (/^(\/tmp|\/run\/user\/\d+)\/anechoic-[A-Za-z0-9]{6}$/.test(left)) rmSync(left, { recursive: true, force: true })
  rmSync(note, { force: true })
}
