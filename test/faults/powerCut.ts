import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killAll, pidOf } from './processes.ts'
import { type Fault, type FaultReport, runRounds } from './rounds.ts'

const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })

/**
 * A power cut: ext4 stops at once and drops what was not synced (EXT4_IOC_SHUTDOWN without a log flush, by xfs_io, as xfstests does), then the
 * processes die. What the disk holds then is copied and mounted, which replays the journal; the kernel may keep the old mount busy for long.
 */
const cut = (folder: string, mount: string): Fault => {
  let disk = 0
  return {
    strike: async ({ data, server }) => {
      const pids = await Promise.all([pidOf(data, 'server'), pidOf(data, 'database')])
      run('xfs_io', '-x', '-c', 'shutdown', mount)
      await killAll(pids)
      await server.kill()
      run('umount', '-l', mount)
      run('cp', '--sparse=always', join(folder, `disk${disk}.img`), join(folder, `disk${disk + 1}.img`))
      await rm(join(folder, `disk${disk}.img`))
      disk += 1
      run('mount', '-o', 'loop', join(folder, `disk${disk}.img`), mount)
      return 'power cut'
    },
  }
}

/** Cuts the power `rounds` times amid writes on an ext4 image of its own. Needs root, loop devices and xfs_io (Debian: xfsprogs). */
export const powerCutRounds = async (rounds: number, seed: number, say?: (line: string) => void): Promise<FaultReport> => {
  const folder = await mkdtemp(join(tmpdir(), 'anechoic-power-'))
  await chmod(folder, 0o755)
  const image = join(folder, 'disk0.img')
  const mount = join(folder, 'disk')
  await writeFile(image, '')
  await truncate(image, 2 ** 30)
  await mkdir(mount)
  run('mkfs.ext4', '-q', '-F', image)
  run('mount', '-o', 'loop', image, mount)
  try {
    await chmod(mount, 0o755)
    return await runRounds(cut(folder, mount), {
      rounds,
      seed,
      data: join(mount, 'data'),
      outside: join(folder, 'outside'),
      ...(say ? { say } : {}),
    })
  } finally {
    run('umount', '-l', mount)
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } })
  const report = await powerCutRounds(Number(values.rounds), Number(values.seed), (line) => console.error(line))
  console.log(JSON.stringify(report))
  process.exitCode = report.problems.length > 0 ? 1 : 0
}
