import type { SealedClass } from '../../domain/catalogue/field.ts'
import type { RuleRow } from '../../domain/policy/predicate.ts'
import type { EnvelopeHash } from '../audit/entry.ts'
import type { DataKey } from '../crypto/dataKey.ts'
import { envelopeHash, openEnvelope, type Place, sealEnvelope } from '../crypto/envelope.ts'
import type { Shape } from './shape.ts'
import { upgradeContent } from './upgradeContent.ts'

/** Field values of a record, by field name. */
export type Values = Readonly<Record<string, unknown>>
/** A record's envelopes, by class. */
export type Envelopes = Readonly<Partial<Record<SealedClass, Buffer>>>

/** Which record. `rule`: the store and owner that decide who may see it; of a record whose parent decides, the parent's envelope holds them. */
type Of = {
  readonly shape: Shape
  readonly id: string
  readonly subject: number
  readonly rule: RuleRow
  readonly parentId?: string | undefined
}

const place = ({ shape, id, subject, rule, parentId }: Of, group: SealedClass): Place => {
  const at = { entity: shape.name, recordId: id, subject, group }
  if (!shape.parent) return { ...at, storeId: rule.storeId ?? null, ownerId: rule.ownerId ?? null }
  // Below a parent about the same person the shared key is the bond; a person below another is bound by name.
  return shape.isPerson ? { ...at, parentId: parentId ?? '' } : at
}

/** Returns the id of the record that this one hangs below. */
export const parentIdOf = (shape: Shape, values: Values): string | undefined =>
  shape.parent ? (values[shape.parent.field] as string | undefined) : undefined

const isEmpty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0)

/** Returns the envelopes of the named groups; a group's plaintext is the JSON of those of its fields that hold something, in the order of the catalogue. */
export const sealGroups = (of: Of, key: DataKey, values: Values, groups: readonly SealedClass[]): Envelopes =>
  Object.fromEntries(
    of.shape.groups
      .filter((group) => groups.includes(group.class))
      .map((group) => {
        const content = Object.fromEntries(group.fields.filter((field) => !isEmpty(values[field])).map((field) => [field, values[field]]))
        const plaintext = Buffer.from(JSON.stringify(content), 'utf8')
        const envelope = sealEnvelope(key, place(of, group.class), of.shape.entity.schemaVersion, plaintext)
        plaintext.fill(0)
        return [group.class, envelope]
      }),
  )

/**
 * Returns the values in the named groups' envelopes. A field that stands in none, or that an older schema did not have, is null, or empty when it holds a list.
 * Throws `envelope_invalid` when one was changed, or belongs to another record, store or owner.
 */
export const openGroups = (of: Of, key: DataKey, envelopes: Envelopes, groups: readonly SealedClass[]): Record<string, unknown> => {
  const values: Record<string, unknown> = {}
  for (const group of of.shape.groups) {
    const envelope = groups.includes(group.class) ? envelopes[group.class] : undefined
    if (!envelope) continue
    const { plaintext, schemaVersion } = openEnvelope(key, place(of, group.class), envelope)
    const content = upgradeContent(of.shape.name, schemaVersion, JSON.parse(plaintext.toString('utf8')) as Record<string, unknown>)
    plaintext.fill(0)
    for (const field of group.fields) values[field] = content[field] ?? (of.shape.entity.fields[field]!.many ? [] : null)
  }
  return values
}

/** Returns the hashes of a record's envelopes, for its audit entry. */
export const hashEnvelopes = (id: string, envelopes: Envelopes): EnvelopeHash[] =>
  (Object.entries(envelopes) as [SealedClass, Buffer][]).map(([group, envelope]) => ({ id, group, hash: envelopeHash(envelope) }))
