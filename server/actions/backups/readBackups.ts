import { stat } from 'node:fs/promises'
import { isBackupDue } from '../../../domain/continuity/backupDue.ts'
import { type LastBackup, readLastBackup } from '../../backup/lastBackup.ts'
import { listBackups } from '../../backup/listBackups.ts'
import { newestJob } from '../../store/jobTable.ts'
import type { Parts } from '../parts.ts'

/** Backups shown; older ones lie in the folder all the same. */
const mostShown = 50

/** How backups stand. `problem`: why the folder's are not listed. `sameDisk`: whether the folder lies on the data's own disk, which one failure takes both. */
export type Backups = {
  folder: string | null
  problem: 'not_configured' | 'unreachable' | null
  sameDisk: boolean | null
  last: LastBackup | null
  due: boolean
  running: string | null
  failed: { at: string; problem: string | null } | null
  items: { name: string; createdAt: string; bytes: number; product: string; customers: number; auditSize: number }[]
}

const isSameDisk = async (folder: string, dataDir: string): Promise<boolean | null> => {
  const devices = await Promise.all(
    [folder, dataDir].map((path) =>
      stat(path).then(
        ({ dev }) => dev,
        () => null,
      ),
    ),
  )
  return devices.includes(null) ? null : devices[0] === devices[1]
}

/** Returns how backups stand: by the folder that is configured, and by what is remembered of those written elsewhere. */
export const readBackups = async ({ pool, backups }: Pick<Parts, 'pool' | 'backups'>): Promise<Backups> => {
  const { folder, dataDir } = backups
  const [last, job] = await Promise.all([readLastBackup(pool), newestJob(pool, 'backup')])
  const found = folder === null ? [] : await listBackups(folder).catch(() => null)
  const running = job && ['queued', 'running'].includes(job.state) ? job.id : null
  return {
    folder,
    problem: folder === null ? 'not_configured' : found === null ? 'unreachable' : null,
    sameDisk: folder === null ? null : await isSameDisk(folder, dataDir),
    last,
    due: isBackupDue(last?.at ?? null, new Date()),
    running,
    failed: job?.state === 'failed' ? { at: job.finishedAt ?? job.createdAt, problem: job.problem } : null,
    items: (found ?? []).slice(0, mostShown).map(({ name, bytes, manifest }) => ({
      name,
      bytes,
      createdAt: manifest.createdAt,
      product: manifest.product,
      customers: manifest.tables['public.customers'] ?? 0,
      auditSize: manifest.audit,
    })),
  }
}
