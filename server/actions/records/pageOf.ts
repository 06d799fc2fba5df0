import type { Scope } from '../../../domain/policy/decide.ts'
import type { Listed } from '../../store/reads.ts'
import { cursorOf } from './listQuery.ts'
import { damagedPart, type Page } from './page.ts'
import { viewOf } from './viewOf.ts'

/** Returns the page that the store listed from `offset` on. Its total is what is known so far: one more than was seen while the list goes on. */
export const pageOf = (scope: Scope, offset: number, limit: number, { rows, damaged, more }: Listed): Page => ({
  items: rows.map((row) => viewOf(scope, row)),
  total: offset + rows.length + damaged.length + (more ? 1 : 0),
  nextCursor: more ? cursorOf(offset + limit) : null,
  ...damagedPart(damaged),
})
