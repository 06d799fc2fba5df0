import type { Entity, Row, View } from '../../../domain/catalogue/entity.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { view } from '../../../domain/policy/view.ts'
import { ruleRowOf } from '../../store/openRows.ts'

/** Returns what may leave of a row that the store handed out for this scope: its rule columns, or its parent's, decide what is masked. */
export const viewOf = (scope: Scope, row: object): View<Entity> => view(scope, row as Row<Entity>, ruleRowOf(row))
