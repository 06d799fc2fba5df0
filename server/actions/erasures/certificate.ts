import { setTimeout as sleep } from 'node:timers/promises'
import { type Ground, grounds } from '../../../domain/privacy/grounds.ts'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { Label } from '../../../domain/catalogue/field.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { roleName } from '../../../domain/policy/roleLabels.ts'
import type { Certificate } from '../../../domain/privacy/certificate.ts'
import { erasureState, expectedCompletion } from '../../../domain/privacy/erasureState.ts'
import { type Erasure, type ErasureEntry, findErasures } from '../../audit/erasures.ts'
import { readSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'
import { viewOf } from '../records/viewOf.ts'
import { sealOf } from './certificateSeal.ts'

type Needs = Pick<Parts, 'pool' | 'audit' | 'keyring' | 'records' | 'macKey'>

const nameless: Label = { zh: '记录', en: 'Record' }
const labelOf = (entity: string): Label => (Object.hasOwn(catalogue, entity) ? catalogue[entity as EntityName].label : nameless)

/** Returns the ground of an erasure; older ones, and those asked for without one, are `other`. */
export const groundOf = ({ reason }: ErasureEntry): Ground =>
  reason !== null && Object.hasOwn(grounds, reason) ? (reason as Ground) : 'other'

/** Returns when the epoch key that wrapped an erased key was destroyed: null while it exists, undefined where the erasure noted no epoch. */
export const epochEnd = (keyring: Parts['keyring'], epoch: number | null): string | null | undefined =>
  epoch === null ? undefined : (keyring.epochs().find((one) => one.epoch === epoch)?.destroyedAt ?? null)

/** Returns the names of staff members as this actor may see them. */
export const staffNames = async (
  { records }: Pick<Parts, 'records'>,
  actor: Actor,
  ids: (string | null)[],
): Promise<Map<string, string>> => {
  const scope = decide(actor, 'staff')
  const { rows } = await records.getMany(scope, [...new Set(ids.filter((id) => id !== null))])
  return new Map(
    rows.flatMap((row) => {
      const { name } = viewOf(scope, row) as unknown as { name?: unknown }
      return typeof name === 'string' ? [[row.id, name]] : []
    }),
  )
}

const waits = 40
const waitMs = 50

// An entry gets its place in the order some milliseconds after its commit, and a certificate names the place.
const sequencedErasure = async ({ pool, audit }: Needs, subject: number): Promise<Erasure> => {
  for (let tries = 0; ; tries += 1) {
    const [found] = await findErasures(pool, { subject, limit: 1 })
    if (!found) throw new AppError('not_found')
    if (found.entries.every(({ idx }) => idx !== null)) return found
    if (tries === waits) throw new AppError('busy')
    audit.committed()
    await sleep(waitMs)
  }
}

/**
 * Makes the certificate of the erasure of a subject, for those with the duty to read the log; issuing it is an entry itself, written first.
 * Throws `not_found` where nobody of that number was erased, `busy` while the log has not placed the erasure yet.
 */
export const issueCertificate = async (parts: Needs, actor: Actor, subject: number): Promise<Certificate> => {
  const { entries, erasedAt, completeBy, keys } = await sequencedErasure(parts, subject)
  const subjects = keys.map((key) => key.subject)
  await parts.audit.append({ actor, action: 'certificate', entity: 'key', subjects, outcome: 'done' })
  await parts.keyring.reloadIfChanged()
  const [main] = entries
  const names = await staffNames(parts, actor, [main.staffId])
  const ground = groundOf(main)
  const issuedAt = new Date().toISOString()
  const end = epochEnd(parts.keyring, keys.find((key) => key.subject === main.subjects[0])?.epoch ?? null)
  const counts = new Map<string, number>()
  for (const { entity, count } of entries) counts.set(entity, (counts.get(entity) ?? 0) + count)
  const statement: Omit<Certificate, 'seal'> = {
    format: 'anechoic-erasure-certificate/1',
    company: (await readSetting<string>(parts.pool, 'company')) ?? '',
    installation: parts.keyring.id,
    issuedAt,
    subject: main.subjects[0] ?? subject,
    erasedAt,
    completeBy: expectedCompletion(completeBy, end),
    state: erasureState({ erasedAt, completeBy, epochDestroyedAt: end }, issuedAt),
    ground: { code: ground, ...grounds[ground] },
    by: {
      staffId: main.staffId,
      name: main.staffId === null ? null : (names.get(main.staffId) ?? null),
      roles: main.roles.map((role) => ({ zh: roleName(role, 'zh'), en: roleName(role, 'en') })),
    },
    erased: [...counts].map(([entity, count]) => ({ entity, ...labelOf(entity), count })),
    keys: keys.map(({ subject: of, version, suite, epoch }) => ({
      subject: of,
      version,
      suite,
      epoch,
      epochDestroyedAt: epochEnd(parts.keyring, epoch) ?? null,
    })),
    audit: entries.map((entry) => ({
      index: entry.idx ?? 0,
      id: entry.entryId,
      at: new Date(entry.at).toISOString(),
      entity: entry.entity,
      leafSha256: entry.leafHash.toString('hex'),
    })),
  }
  return { ...statement, seal: sealOf(await parts.macKey(), statement) }
}
