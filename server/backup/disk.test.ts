import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { explainStartError } from '../embedded/startErrors.ts'
import { type Piece } from './piece.ts'
import { writeBackup } from './writeBackup.ts'

// A small file system of its own: only root may mount one.
const base = mkdtempSync(join(tmpdir(), 'backup-disk-'))
const disk = join(base, 'disk')
mkdirSync(disk)
const mounted =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0
const traced = process.platform === 'linux' && spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

afterAll(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(base, { recursive: true, force: true })
})

async function* big(): AsyncGenerator<Piece> {
  for (let i = 0; i < 100; i += 1) yield { file: 'data.age', bytes: randomBytes(65_536) }
}

test.skipIf(!mounted)(
  'a full disk ends a backup in one line that says so, and keeps nothing of it (skipped unless root can mount)',
  async () => {
    const error = await writeBackup(join(disk, 'backups'), big()).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'backup_failed', details: { problem: 'disk_full' } })
    expect(explainStartError(error, {})).toMatch(/^The backup was not made: the disk of .*backups is full/)
    expect(readdirSync(join(disk, 'backups'))).toEqual([])
  },
)

test('a folder that is a file, or nobody may make, is told by name', async () => {
  await expect(writeBackup('/dev/null', big())).rejects.toMatchObject({
    code: 'backup_failed',
    details: { problem: 'not_writable', path: '/dev/null' },
  })
  await expect(writeBackup('/dev/null/below', big())).rejects.toMatchObject({ code: 'backup_failed', details: { problem: 'not_writable' } })
})

test.skipIf(!traced)('a disk that fails to sync ends a backup: what it says is written may not be (skipped without strace)', async () => {
  const to = join(base, 'failing')
  const child = spawn(
    'strace',
    [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync',
      '-e',
      'inject=fsync:error=EIO',
      process.execPath,
      join(import.meta.dirname, 'small.fixture.ts'),
      to,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await once(child, 'close')
  expect(JSON.parse(said)).toEqual({ code: 'backup_failed', details: { problem: 'disk', path: to, code: 'EIO' } })
  expect(existsSync(to) ? readdirSync(to) : []).toEqual([])
})
