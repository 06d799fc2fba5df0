import type { Entity } from './entity.ts'
import { type Category, isSealed, type Label, type Purpose, type SealedClass } from './field.ts'

/** One line of the record of processing activities: what is held about whom, why, how closed and how long. */
export type Processing = {
  readonly purpose: Purpose
  readonly entity: string
  readonly entityLabel: Label
  readonly class: SealedClass
  readonly category: Category
  readonly fields: readonly { readonly name: string; readonly label: Label }[]
  /** 敏感个人信息 (PIPL article 28): needs a separate consent and an impact assessment (article 55). */
  readonly sensitive: boolean
  readonly retain: Entity['retain']
}

/**
 * Returns the record of processing (GDPR article 30; PIPL articles 55 and 56) as the catalogue knows it: fields of one entity with the same purpose,
 * category and class are one line; lines are ordered by purpose, then as declared. Recipients and measures are the programme's part, not the catalogue's.
 */
export const recordOfProcessing = (catalogue: Readonly<Record<string, Entity>>): Processing[] => {
  const lines = new Map<string, Processing>()
  for (const entity of Object.values(catalogue)) {
    for (const [name, field] of Object.entries(entity.fields)) {
      if (!isSealed(field.class) || field.purpose === null || field.category === null) continue
      const key = [field.purpose, entity.name, field.class, field.category].join('\n')
      const line = lines.get(key)
      lines.set(key, {
        purpose: field.purpose,
        entity: entity.name,
        entityLabel: entity.label,
        class: field.class,
        category: field.category,
        fields: [...(line?.fields ?? []), { name, label: field.label }],
        sensitive: field.class !== 'personal',
        retain: entity.retain,
      })
    }
  }
  return [...lines.values()].toSorted((a, b) => (a.purpose < b.purpose ? -1 : a.purpose > b.purpose ? 1 : 0))
}
