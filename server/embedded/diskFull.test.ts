import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startEmbeddedPostgres } from './postgres.ts'

// A small file system of its own: only root may mount one.
const base = mkdtempSync(join(tmpdir(), 'full-'))
spawnSync('chmod', ['711', base])
const disk = join(base, 'disk')
mkdirSync(disk)
const mounted =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200m', 'tmpfs', disk]).status === 0

afterAll(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(base, { recursive: true, force: true })
})

test.skipIf(!mounted)(
  'a full disk is refused at the first start and at a later one, and works again with space (skipped unless root can mount)',
  async () => {
    const dataDir = join(disk, 'data')
    const ballast = join(disk, 'ballast')
    const settings = { fsync: 'off' }
    writeFileSync(ballast, Buffer.alloc(100 * 1024 * 1024))
    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toMatchObject({ code: 'disk_full' })
    rmSync(ballast)
    await (await startEmbeddedPostgres({ dataDir, settings })).stop()
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - 4096))
    await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toMatchObject({ code: 'disk_full' })
    rmSync(ballast)
    await (await startEmbeddedPostgres({ dataDir, settings })).stop()
  },
)
