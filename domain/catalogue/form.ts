import { maxItems } from './check.ts'
import type { Entity } from './entity.ts'
import type { DataClass, Field, FieldKind, Label } from './field.ts'

/** Which control a person fills a field in with. */
export type Control =
  | 'line'
  | 'words'
  | 'lines'
  | 'address'
  | 'phone'
  | 'email'
  | 'select'
  | 'record'
  | 'day'
  | 'instant'
  | 'number'
  | 'switch'

/** One field of a form, in the order it is shown. */
export type FormField = {
  readonly name: string
  readonly control: Control
  readonly label: Label
  readonly class: DataClass
  readonly required: boolean
  /** Most values: 1, or `maxItems` for a list. */
  readonly items: number
  /** Longest value in code points. */
  readonly max: number
  readonly values: Readonly<Record<string, Label>> | null
  /** The entity a `record` control chooses from. */
  readonly to: string | null
}

const controls: Readonly<Record<FieldKind, Control>> = {
  text: 'line',
  longText: 'lines',
  address: 'address',
  phone: 'phone',
  email: 'email',
  choice: 'select',
  ref: 'record',
  date: 'day',
  timestamp: 'instant',
  integer: 'number',
  flag: 'switch',
}

// Tags and the like are typed one after the other; what is longer gets a line each.
const isWords = (field: Field): boolean => field.kind === 'text' && field.many && field.max <= 30

const formField = (name: string, field: Field): FormField => ({
  name,
  control: isWords(field) ? 'words' : controls[field.kind],
  label: field.label,
  class: field.class,
  required: !field.optional && !field.many,
  items: field.many ? maxItems : 1,
  max: field.max,
  values: field.values,
  to: field.to,
})

/** Returns the fields of an entity's form in the order of declaration. Who may write which of them is `fieldRights`' answer. */
export const formOf = (entity: Entity): FormField[] => Object.entries(entity.fields).map(([name, field]) => formField(name, field))
