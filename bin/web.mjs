import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLaunchLock } from './launchLock.mjs'
import { findNode26, scrubEnvironment } from './node26.mjs'
import { Refusal, say } from './say.mjs'
import { hashFiles, listFiles } from './treeHash.mjs'

const sources = ['web', 'domain', 'vite.config.ts', 'package-lock.json']

/** Builds the web client into web/dist unless it was built from these very sources. A build appears whole or not at all. */
export async function ensureWebBuilt(root) {
  if (!existsSync(join(root, 'web', 'index.html'))) return
  const hash = hashFiles(root, listFiles(root, sources, ['web/dist']))
  const isBuilt = () =>
    existsSync(join(root, 'web', 'dist', '.stamp')) && readFileSync(join(root, 'web', 'dist', '.stamp'), 'utf8') === hash
  if (!isBuilt())
    await withLaunchLock(root, () => {
      if (!isBuilt()) build(root, hash)
    })
}

function build(root, hash) {
  say('正在构建网页……', 'Building the web client …')
  const draft = join(root, '.cache', 'web-draft')
  const dist = join(root, 'web', 'dist')
  const { status, stdout, stderr } = spawnSync(
    findNode26(root),
    [
      join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--config',
      join(root, 'vite.config.ts'),
      '--outDir',
      draft,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ],
    { cwd: root, encoding: 'utf8', env: { ...scrubEnvironment(process.env), NODE_ENV: 'production' } },
  )
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
    throw new Refusal('网页构建失败（原因见上）。', 'Building the web client failed (see above).')
  }
  mkdirSync(draft, { recursive: true })
  writeFileSync(join(draft, '.stamp'), hash)
  rmSync(dist, { recursive: true, force: true })
  renameSync(draft, dist)
}
