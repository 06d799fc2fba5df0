import type { EntityName } from '../../domain/catalogue/all.ts'

type Content = Readonly<Record<string, unknown>>

const listed = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value])

// What each schema version changed of the one before it. A field that was only added needs no line: it is absent, and so empty.
const steps: Partial<Record<EntityName, Readonly<Record<number, (content: Content) => Content>>>> = {
  customer: { 2: ({ wechat, address, ...same }) => ({ ...same, wechatIds: listed(wechat), addresses: listed(address) }) },
}

/**
 * Returns what a sealed group of an older schema version holds, under the field names of today (DESIGN 4: read old, write new). The next write of the
 * record, or a re-seal, stores it so.
 */
export const upgradeContent = (entity: EntityName, from: number, content: Content): Content =>
  Object.entries(steps[entity] ?? {})
    .filter(([version]) => Number(version) > from)
    .reduce((older, [, step]) => step(older), content)
