import { statfs } from 'node:fs/promises'
import { checkHardening } from './crypto/processHardening.ts'
import type { Keyring } from './crypto/keyring.ts'
import type { House } from './house.ts'
import { type Probes, unreadiness } from './http/readiness.ts'
import type { Check } from './http/routes/setupRoutes.ts'
import type { Queryable } from './store/database.ts'
import { newestJob } from './store/jobTable.ts'
import { backupDueDays, isBackupDue } from '../domain/continuity/backupDue.ts'
import { isCertificateDue } from '../domain/continuity/certificateDue.ts'
import { readLastBackup } from './backup/lastBackup.ts'
import type { CertificateStatus } from './tls/liveCertificate.ts'

const leastFree = 500 * 1024 * 1024

const said = (name: string, ok: boolean, detail: string): Check => ({ name, ok, detail })

/** What the newest sweep of sealed records found; null before the first, or while the database is away, which readiness says. */
const lastSweep = async (pool: Queryable): Promise<Check | null> => {
  const job = await newestJob(pool, 'verify', 'done').catch(() => null)
  if (!job) return null
  const { checked = 0, differing = 0 } = job.result as { checked?: number; differing?: number }
  const found = differing === 0 ? 'all as written' : `${differing} differ: the audit log names them (action verify, outcome failed)`
  return said('sealed records', differing === 0, `${checked} compared with the audit log at ${job.finishedAt}, ${found}`)
}

const lastBackup = async (pool: Queryable): Promise<Check> => {
  const last = await readLastBackup(pool).catch(() => null)
  const due = isBackupDue(last?.at ?? null, new Date())
  const found = last ? `${last.at} in ${last.folder}, ${(last.bytes / 1e6).toFixed(1)} MB` : 'never'
  return said(
    'last backup',
    !due,
    due ? `${found}: run "backup create --to DIR" at least every ${backupDueDays} days, onto another disk` : found,
  )
}

/** Whether erasures are final in time: no epoch's key lives longer than certificates promise (DESIGN 4). */
const oldestEpoch = (keyring: Pick<Keyring, 'epochs'>): Check => {
  const { epoch, createdAt } = keyring.epochs().find(({ destroyedAt }) => destroyedAt === null)!
  const days = Math.floor((Date.now() - Date.parse(createdAt)) / 86_400_000)
  const isInTime = days >= 0 && days < 30
  const found = `the oldest key in use, of epoch ${epoch}, was made at ${createdAt}`
  return said('key rotation', isInTime, isInTime ? found : `${found}: rotate under Keys and recovery, and look at the jobs that failed`)
}

/** Whether the certificate that is served must be seen to; null where TLS is not ours to serve. */
const ofCertificate = (held: CertificateStatus | null): Check | null => {
  if (held === null) return null
  const { source, names, issuer, notAfter, daysLeft, problem, authority } = held
  const found =
    notAfter === null
      ? 'none yet'
      : `${names.join(', ')}, by ${issuer}, until ${notAfter} (${daysLeft} days), from ${source}${authority === null ? '' : `, authority SHA-256 ${authority}`}`
  const advice = source === 'files' ? 'put a new certificate and key in the place of the files' : 'see docs/operations.md, Certificates'
  const what = problem === null ? '' : `; the last ${source === 'files' ? 'reload' : 'renewal'} failed: ${problem}`
  return said('certificate', !isCertificateDue(held), isCertificateDue(held) ? `${found}${what}: ${advice}` : found)
}

/** Looks at the running installation: readiness, disk, recovery kit, sealed records, hardening. Every finding that is not ok says what to do. Never throws. */
export const examine = async (
  house: Pick<House, 'phase' | 'parts'>,
  probes: Probes,
  dataDir: string,
  certificate: CertificateStatus | null,
): Promise<Check[]> => {
  const reasons = await unreadiness(probes)
  const ready = said(
    'ready',
    reasons.length === 0,
    reasons.map(({ reason, detail }) => (detail ? `${reason}: ${detail}` : reason)).join(', ') || 'serving',
  )
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const disk = said('disk', free > leastFree, `${Math.round(free / 1024 / 1024)} MB free${free > leastFree ? '' : ': free some space'}`)
  const served = ofCertificate(certificate)
  const checks = [ready, disk, ...checkHardening(), ...(served ? [served] : [])]
  if (house.phase() !== 'ready') return checks
  const { keyring, audit, search, pool } = house.parts()
  const { unreadable } = search.status()
  const proven = keyring.kitProvenAt
  const { sequencerProblem } = audit.status()
  const swept = await lastSweep(pool)
  return [
    ...checks,
    said('recovery kit', proven !== null, proven ? `proven ${proven}` : 'never proven: type the shares back under Keys and recovery'),
    await lastBackup(pool),
    oldestEpoch(keyring),
    said('records', unreadable === 0, unreadable === 0 ? 'all open' : `${unreadable} do not open: damaged or tampered with`),
    ...(swept ? [swept] : []),
    said('audit order', sequencerProblem === null, sequencerProblem ?? 'in order'),
  ]
}
