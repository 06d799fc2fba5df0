/** Who may see a value, and so how it is stored (DESIGN 3). Ordered from open to closed. */
export type DataClass = 'public' | 'internal' | 'personal' | 'sensitive' | 'secret'

/** Classes that exist at rest only as ciphertext; each is one sealed group of a record. */
export type SealedClass = Extract<DataClass, 'personal' | 'sensitive' | 'secret'>

export type Label = { readonly zh: string; readonly en: string }

/**
 * How a field may be found. `exact`: equality (a blind index when sealed). `fragment`: any part, in the search worker's memory only.
 * `name`: fragment, pinyin and initials, and sortable in address-book order. `range`: comparison and sorting in SQL. A secret cannot be searched.
 */
export type Find<C extends DataClass> = C extends 'secret'
  ? never
  : C extends 'sensitive'
    ? 'exact'
    : C extends 'personal'
      ? 'exact' | 'fragment' | 'name'
      : 'exact' | 'range'

/** What stays readable of a masked value: nothing, the last four digits, first and last characters, or the region of an address. */
export type Mask = 'hide' | 'lastFour' | 'ends' | 'region'

/** Why a value is held: the fideslang data uses this product knows. */
export type Purpose =
  | 'essential.service'
  | 'essential.service.operations.support'
  | 'marketing.communications'
  | 'essential.legal_obligation'

/** What kind of personal data it is: fideslang data categories, extended by WeChat id and the home. */
export type Category =
  | 'user.name'
  | 'user.contact.phone_number'
  | 'user.contact.email'
  | 'user.contact.address'
  | 'user.contact.wechat_id'
  | 'user.content.private'
  | 'user.demographic.date_of_birth'
  | 'user.home'
  | 'user.account.username'

type Sealing<C extends DataClass> = C extends SealedClass ? { purpose: Purpose; category: Category } : { purpose?: never; category?: never }

/** The whole of what a field may say. Nine options; there is no tenth for a hook. */
export type FieldOptions<C extends DataClass> = {
  class: C
  label: Label
  /** May be absent; absent is stored as null, or as an empty list when `many`. */
  optional?: true
  /** Holds a list of values. */
  many?: true
  find?: readonly Find<C>[]
  mask?: Mask
  /** Longest value, in code points. */
  max?: number
} & Sealing<C>

export type FieldKind = 'text' | 'longText' | 'address' | 'phone' | 'email' | 'choice' | 'ref' | 'date' | 'timestamp' | 'integer' | 'flag'

/** A declared field: plain data. `T` is the type of its value in memory (a list type when `many`, with null when optional). */
export type Field<T = unknown, C extends DataClass = DataClass, K extends FieldKind = FieldKind> = {
  readonly kind: K
  readonly class: C
  readonly label: Label
  readonly optional: boolean
  readonly many: boolean
  readonly find: readonly string[]
  readonly mask: Mask
  readonly max: number
  readonly purpose: Purpose | null
  readonly category: Category | null
  /** The values of a `choice`, each with its label. */
  readonly values: Readonly<Record<string, Label>> | null
  /** The entity a `ref` points at. */
  readonly to: string | null
  /** Carries the value type; never present at run time. */
  readonly value?: T
}

type ValueOf<T, S> = S extends { many: true } ? T[] : S extends { optional: true } ? T | null : T

type Extra = { values?: Readonly<Record<string, Label>>; to?: string }

type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never

/** Refuses what the type of options alone lets pass: a class that is not one class, and options that do not exist. */
type Exactly<C extends DataClass, S> = (IsUnion<C> extends true ? { class: never } : unknown) & {
  readonly [K in Exclude<keyof S, keyof FieldOptions<C>>]: never
}

/** What a field's builder takes: options whose types follow from the class they name. */
type Options<C extends DataClass, S> = S & { class: C } & FieldOptions<C> & Exactly<C, S>

const build = <T, C extends DataClass, K extends FieldKind>(
  kind: K,
  max: number,
  options: FieldOptions<DataClass>,
  extra: Extra = {},
): Field<T, C, K> => ({
  kind,
  class: options.class as C,
  label: options.label,
  optional: options.optional ?? false,
  many: options.many ?? false,
  find: options.find ?? [],
  mask: options.mask ?? 'hide',
  max: options.max ?? max,
  purpose: options.purpose ?? null,
  category: options.category ?? null,
  values: extra.values ?? null,
  to: extra.to ?? null,
})

const define =
  <T, K extends FieldKind>(kind: K, max: number) =>
  <const C extends DataClass, const S extends FieldOptions<C>>(options: Options<C, S>): Field<ValueOf<T, S>, C, K> =>
    build(kind, max, options as FieldOptions<DataClass>)

/** One line of text, at most 200 code points unless `max` says otherwise. */
export const text = define<string, 'text'>('text', 200)
/** Text of several lines, at most 10,000 code points. */
export const longText = define<string, 'longText'>('longText', 10_000)
/** A postal address on one line, Chinese divisions by their full names (domain/text/address.ts), at most 300 code points. */
export const address = define<string, 'address'>('address', 300)
/** A phone number in E.164 (ITU-T), at most 16 characters. */
export const phone = define<string, 'phone'>('phone', 16)
/** An e-mail address, at most 254 characters (RFC 5321 4.5.3.1.3). */
export const email = define<string, 'email'>('email', 254)
/** A calendar day, ISO 8601 `YYYY-MM-DD`. */
export const date = define<string, 'date'>('date', 10)
/** An instant, ISO 8601 in UTC with milliseconds. */
export const timestamp = define<string, 'timestamp'>('timestamp', 24)
/** A whole number within JavaScript's safe range. */
export const integer = define<number, 'integer'>('integer', 16)
export const flag = define<boolean, 'flag'>('flag', 5)

/** One of a fixed set of values. */
export const choice = <const V extends Readonly<Record<string, Label>>, const C extends DataClass, const S extends FieldOptions<C>>(
  values: V,
  options: Options<C, S>,
): Field<ValueOf<keyof V & string, S>, C, 'choice'> => build('choice', 40, options as FieldOptions<DataClass>, { values })

/** The id of a record of another entity. References are pseudonyms, so they are never sealed. */
export const ref = <const C extends 'public' | 'internal', const S extends FieldOptions<C>>(
  to: string,
  options: Options<C, S>,
): Field<ValueOf<string, S>, C, 'ref'> => build('ref', 36, options as FieldOptions<DataClass>, { to })

const sealed: ReadonlySet<DataClass> = new Set<DataClass>(['personal', 'sensitive', 'secret'])

/** Whether values of this class are stored as ciphertext only. */
export const isSealed = (dataClass: DataClass): dataClass is SealedClass => sealed.has(dataClass)
