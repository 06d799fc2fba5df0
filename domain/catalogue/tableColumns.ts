import type { Entity } from './entity.ts'
import type { DataClass, Field, FieldKind, Label } from './field.ts'

/** One column of a list. */
export type TableColumn = {
  readonly name: string
  readonly kind: FieldKind
  readonly label: Label
  readonly class: DataClass
  readonly many: boolean
  /** Whether its order exists anywhere; whether this actor may ask for it is `fieldRights`' answer. */
  readonly sortable: boolean
  readonly filterable: boolean
  readonly values: Readonly<Record<string, Label>> | null
  readonly to: string | null
}

// A list never opens the sensitive group (DESIGN 4), shows no secret, and long text belongs on the record's own page.
const listed = (field: Field): boolean => field.class !== 'sensitive' && field.class !== 'secret' && field.kind !== 'longText'

/** Whether the order of a field's values is kept: in SQL for a range, in the search worker for a name. */
export const isSortable = (field: Field): boolean => !field.many && (field.find.includes('range') || field.find.includes('name'))

/** Returns the columns a list of the entity may have, in the order of declaration. */
export const tableColumnsOf = (entity: Entity): TableColumn[] =>
  Object.entries(entity.fields)
    .filter(([, field]) => listed(field))
    .map(([name, field]) => ({
      name,
      kind: field.kind,
      label: field.label,
      class: field.class,
      many: field.many,
      sortable: isSortable(field),
      filterable: field.find.length > 0,
      values: field.values,
      to: field.to,
    }))
