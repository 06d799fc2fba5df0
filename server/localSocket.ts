import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** sun_path holds 108 bytes with its closing zero on Linux (unix(7)), 104 on macOS and the BSDs. */
const longestPath = process.platform === 'linux' ? 107 : 103

/**
 * Returns where the server of a data folder listens for the CLI: in the folder, or, where that path is too long for a socket, in a folder below /tmp
 * named after it. Who may enter it is who may enter the data folder.
 */
export const localSocketPath = (dataDir: string): string => {
  const inside = join(dataDir, 'cli.sock')
  if (Buffer.byteLength(inside) <= longestPath) return inside
  return join('/tmp', `anechoic-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`, 'cli.sock')
}

/** Makes the folder of the socket, for its owner only. Throws when somebody else has made one of that name. */
export const makeSocketFolderFor = (path: string, dataDir: string): void => {
  if (path.startsWith(dataDir)) return
  const folder = join(path, '..')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error(`not ours: ${folder}`)
}
