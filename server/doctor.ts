import { statfs } from 'node:fs/promises'
import { checkHardening } from './crypto/processHardening.ts'
import type { House } from './house.ts'
import { type Probes, unreadiness } from './http/readiness.ts'
import type { Check } from './http/routes/setupRoutes.ts'

const leastFree = 500 * 1024 * 1024

const said = (name: string, ok: boolean, detail: string): Check => ({ name, ok, detail })

/** Looks at the running installation: readiness, disk, recovery kit, hardening. Every finding that is not ok says what to do. Never throws. */
export const examine = async (house: Pick<House, 'phase' | 'parts'>, probes: Probes, dataDir: string): Promise<Check[]> => {
  const reasons = await unreadiness(probes)
  const ready = said(
    'ready',
    reasons.length === 0,
    reasons.map(({ reason, detail }) => (detail ? `${reason}: ${detail}` : reason)).join(', ') || 'serving',
  )
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const disk = said('disk', free > leastFree, `${Math.round(free / 1024 / 1024)} MB free${free > leastFree ? '' : ': free some space'}`)
  const checks = [ready, disk, ...checkHardening()]
  if (house.phase() !== 'ready') return checks
  const { keyring, audit, search } = house.parts()
  const { unreadable } = search.status()
  const proven = keyring.kitProvenAt
  const { sequencerProblem } = audit.status()
  return [
    ...checks,
    said('recovery kit', proven !== null, proven ? `proven ${proven}` : 'never proven: type the shares back under Keys and recovery'),
    said('records', unreadable === 0, unreadable === 0 ? 'all open' : `${unreadable} do not open: damaged or tampered with`),
    said('audit order', sequencerProblem === null, sequencerProblem ?? 'in order'),
  ]
}
