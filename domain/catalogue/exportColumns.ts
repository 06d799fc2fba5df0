import type { Entity } from './entity.ts'
import type { DataClass, Field, Label } from './field.ts'

/** The names of fields that can be exported at all: everything but secrets, which leave one at a time or never (DESIGN 3). */
export type Exportable<E extends Entity> = {
  [K in keyof E['fields']]: E['fields'][K] extends Field<unknown, 'secret'> ? never : K
}[keyof E['fields']] &
  string

/** One column of an exported file. */
export type ExportColumn = { readonly name: string; readonly label: Label; readonly class: DataClass; readonly many: boolean }

const column = (name: string, field: Field): ExportColumn => ({ name, label: field.label, class: field.class, many: field.many })

/**
 * Returns the columns of an export of the entity: the named fields in the order given, or all but the sensitive ones, which must be asked for by name.
 * A secret does not compile and, should a name come from outside, is left out. Whether the actor may export is policy's answer, not this one's.
 */
export const exportColumns = <E extends Entity>(entity: E, names?: readonly Exportable<E>[]): ExportColumn[] => {
  const fields: Readonly<Record<string, Field>> = entity.fields
  const chosen: readonly string[] = names ?? Object.keys(fields).filter((name) => fields[name]!.class !== 'sensitive')
  return chosen.flatMap((name) => (Object.hasOwn(fields, name) && fields[name]!.class !== 'secret' ? [column(name, fields[name]!)] : []))
}
