import { tableOf } from './columns.ts'
import type { Entity } from './entity.ts'
import { sealedGroups } from './groups.ts'

/** Where a part of what is held about a person lies. */
export type SubjectQuery = { readonly entity: string; readonly table: string; readonly sql: string; readonly groups: readonly string[] }

/**
 * Returns one query per entity that holds data about people: `$1` is the subject's number. Together they find all of it, for access requests
 * (PIPL article 45, GDPR article 15) and for erasure. The subject's own record comes first, then what refers to it.
 */
export const subjectQueries = (catalogue: Readonly<Record<string, Entity>>): SubjectQuery[] =>
  Object.values(catalogue)
    .filter((entity) => entity.subject !== 'none')
    .toSorted((a, b) => Number(b.subject === 'self') - Number(a.subject === 'self'))
    .map((entity) => ({
      entity: entity.name,
      table: tableOf(entity),
      sql: `select * from ${tableOf(entity)} where subject = $1 order by created_at, id`,
      groups: sealedGroups(entity).map((group) => group.column),
    }))
