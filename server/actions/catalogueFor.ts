import { catalogue, type EntityName } from '../../domain/catalogue/all.ts'
import { formOf } from '../../domain/catalogue/form.ts'
import type { Entity } from '../../domain/catalogue/entity.ts'
import { tableColumnsOf } from '../../domain/catalogue/tableColumns.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import { decide } from '../../domain/policy/decide.ts'

type FieldFacts = {
  name: string
  label: { zh: string; en: string }
  class: string
  kind: string
  find: string[]
  sort: boolean
  filter: boolean
  write: boolean
}
type EntityFacts = {
  name: string
  plural: string
  label: { zh: string; en: string }
  fields: FieldFacts[]
  form: string[]
  columns: string[]
  actions: string[]
}

/** Returns the entities of which rows exist for the actor, with the fields they may know of and what they may do with them. */
export const catalogueFor = (actor: Actor): { entities: EntityFacts[] } => ({
  entities: (Object.keys(catalogue) as EntityName[]).flatMap((name): EntityFacts[] => {
    const scope = decide(actor, name)
    if (scope.rows.kind === 'none') return []
    const entity = catalogue[name] as Entity
    const knows = (field: string): boolean => scope.fields[field] !== undefined
    return [
      {
        name,
        plural: entity.plural,
        label: entity.label,
        fields: Object.entries(entity.fields)
          .filter(([field]) => knows(field))
          .map(([field, { label, class: dataClass, kind, find }]) => {
            const right = scope.fields[field]!
            return {
              name: field,
              label,
              class: dataClass,
              kind,
              find: [...find],
              sort: right.sort,
              filter: right.filter.kind !== 'none',
              write: right.write.kind !== 'none',
            }
          }),
        form: formOf(entity)
          .map((field) => field.name)
          .filter(knows),
        columns: tableColumnsOf(entity)
          .map((column) => column.name)
          .filter(knows),
        actions: Object.entries(scope.actions)
          .filter(([, rule]) => rule.kind !== 'none')
          .map(([action]) => action),
      },
    ]
  }),
})
