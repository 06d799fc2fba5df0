import type { Field, Label } from './field.ts'

export type Fields = Readonly<Record<string, Field>>

/** Where a record's row scope comes from: the columns that name its store and owner, or the parent record whose rule it shares. */
export type RowScopeColumns = { store?: string; owner?: string } | { parent: string }

/** A declared entity: plain data from which columns, checks, sealing, search, masks, forms and reports are derived. */
export type Entity<F extends Fields = Fields> = {
  /** Singular, camelCase: `customer`. */
  readonly name: string
  /** Plural, kebab-case: the table (in snake_case) and the REST path. */
  readonly plural: string
  readonly label: Label
  /** Whom its personal data is about: `self` (the record is a person), a `ref` field leading to one, or `none`. */
  readonly subject: string
  readonly rowScope: RowScopeColumns
  readonly retain: { readonly years: number; readonly from: 'created' | 'closed' }
  /** Of the sealed groups' contents; raised by a change that old envelopes do not follow. */
  readonly schemaVersion: number
  readonly fields: F
}

/** Columns every record has beside its fields; `subject` is the data subject's number and is absent where the entity's subject is `none`. */
export type RecordColumns = {
  id: string
  version: number
  createdAt: string
  updatedAt: string
  trashedAt: string | null
}

export type ValueOf<F> = F extends Field<infer T> ? T : never

declare const stored: unique symbol
/** A record opened in the server's memory. It is not sendable: only `view()` makes what is. */
export type Row<E extends Entity> = RecordColumns & { subject: number } & { [K in keyof E['fields']]: ValueOf<E['fields'][K]> } & {
  readonly [stored]?: true
}

type OptionalKeys<F extends Fields> = {
  [K in keyof F]: null extends ValueOf<F[K]> ? K : ValueOf<F[K]> extends unknown[] ? K : never
}[keyof F]

/** What a caller may hand in to create a record. */
export type Input<E extends Entity> = { [K in Exclude<keyof E['fields'], OptionalKeys<E['fields']>>]: ValueOf<E['fields'][K]> } & {
  [K in OptionalKeys<E['fields']>]?: ValueOf<E['fields'][K]>
}

/** What a caller may hand in to change a record. */
export type Patch<E extends Entity> = { [K in keyof E['fields']]?: ValueOf<E['fields'][K]> }

type Unsent<F extends Fields> = { [K in keyof F]: F[K] extends Field<unknown, 'secret'> ? K : never }[keyof F]

export type Masked = { readonly masked: string }
type OrMasked<T> = T extends unknown[] ? (T[number] | Masked)[] : T | Masked

declare const viewed: unique symbol
/** What may leave the server. Only `view()` in policy makes one; secrets are absent from the type, fields the actor may not know of are absent from the value. */
export type View<E extends Entity = Entity> = RecordColumns & {
  [K in Exclude<keyof E['fields'], Unsent<E['fields']>>]?: E['fields'][K] extends Field<unknown, 'public' | 'internal'>
    ? ValueOf<E['fields'][K]>
    : OrMasked<ValueOf<E['fields'][K]>>
} & { readonly [viewed]: E['name'] }

type SealedKeys<F extends Fields> = { [K in keyof F]: F[K] extends Field<unknown, 'public' | 'internal'> ? never : K }[keyof F]
type RefKeys<F extends Fields> = { [K in keyof F]: F[K] extends Field<string, 'internal', 'ref'> ? K : never }[keyof F] & string
type OptionalRefKeys<F extends Fields> = { [K in keyof F]: F[K] extends Field<string | null, 'internal', 'ref'> ? K : never }[keyof F] &
  string

type SubjectOf<F extends Fields> = [SealedKeys<F>] extends [never] ? 'none' | 'self' | RefKeys<F> : 'self' | RefKeys<F>

// policy/predicate.ts knows two columns by name, so a record's row scope is in these two or in its parent's.
type RowScopeOf<F extends Fields> =
  | (('storeId' extends RefKeys<F> ? { store: 'storeId' } : { store?: never }) &
      ('ownerId' extends OptionalRefKeys<F> ? { owner: 'ownerId' } : { owner?: never }) & { parent?: never })
  | { parent: RefKeys<F> }

type Declaration<N extends string, F extends Fields> = Omit<Entity<F>, 'subject' | 'name' | 'rowScope'> & {
  name: N
  subject: SubjectOf<F>
  rowScope: RowScopeOf<F>
}

/** Returns the declaration itself; its work is done by the compiler: an entity with a sealed field must name its subject. */
export const entity = <const N extends string, const F extends Fields>(declaration: Declaration<N, F>): Entity<F> & { readonly name: N } =>
  declaration
