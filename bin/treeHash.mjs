import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The files below `paths` (relative to `root`), relative and in a fixed order; without tests and whatever `skip` names. Missing paths are
 * left out.
 */
export function listFiles(root, paths, skip = []) {
  return paths.flatMap((path) => {
    if (skip.includes(path) || !existsSync(join(root, path)) || /\.(test|fixture)\.(tsx?|mjs)$/.test(path)) return []
    if (!lstatSync(join(root, path)).isDirectory()) return [path]
    return listFiles(
      root,
      readdirSync(join(root, path))
        .sort()
        .map((name) => `${path}/${name}`),
      skip,
    )
  })
}

/** SHA-256 over names and contents of `files`, in hex. */
export function hashFiles(root, files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const content = readFileSync(join(root, file))
    hash.update(`${Buffer.byteLength(file)}:${file}:${content.length}:`).update(content)
  }
  return hash.digest('hex')
}
