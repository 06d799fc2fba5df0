/**
 * What must not compile. `tsc` reads this file and fails where an error that is expected here does not come; nothing runs it.
 */
import { entity, type Input, type Patch, type Row, type View } from './entity.ts'
import { exportColumns } from './exportColumns.ts'
import { choice, date, integer, phone, ref, text } from './field.ts'

const label = { zh: '甲', en: 'A' }
const held = { purpose: 'essential.service', category: 'user.home' } as const

// --- fields ---

// @ts-expect-error a field says its class
text({ label })
// @ts-expect-error the class is one of five
text({ class: 'private', label })
// @ts-expect-error a class that is not known is no class: what it allows cannot be decided
text({ class: 'personal' as 'personal' | 'public', label, ...held })
// @ts-expect-error a personal field says its purpose
text({ class: 'personal', label, category: 'user.home' })
// @ts-expect-error a personal field says its category
text({ class: 'personal', label, purpose: 'essential.service' })
// @ts-expect-error a sensitive choice too
choice({ a: label }, { class: 'sensitive', label })
// @ts-expect-error a secret too
text({ class: 'secret', label, category: 'user.home' })
// @ts-expect-error a plain field has no purpose: it is about nobody
text({ class: 'internal', label, ...held })
// @ts-expect-error a secret cannot be searched
text({ class: 'secret', label, find: ['exact'], ...held })
// @ts-expect-error ciphertext has no order in SQL
date({ class: 'personal', label, find: ['range'], ...held })
// @ts-expect-error fragments of sensitive fields are kept nowhere
text({ class: 'sensitive', label, find: ['fragment'], ...held })
// @ts-expect-error plain columns have no fragment search: the search worker holds personal fields only
text({ class: 'internal', label, find: ['fragment'] })
// @ts-expect-error a Chinese label
text({ class: 'public', label: { en: 'A' } })
// @ts-expect-error an English label
text({ class: 'public', label: { zh: '甲' } })
// @ts-expect-error each value of a choice has both labels
choice({ a: { en: 'A' } }, { class: 'internal', label })
// @ts-expect-error masks are named, not written
text({ class: 'personal', label, mask: (value: string) => value, ...held })
// @ts-expect-error there is no option for a hook
text({ class: 'public', label, onSave: () => undefined })
// @ts-expect-error a reference is a pseudonym: it is never sealed
ref('customer', { class: 'personal', label, ...held })

// --- entities ---

const shape = { name: 'a', plural: 'as', label, rowScope: {}, retain: { years: 1, from: 'created' }, schemaVersion: 1 } as const

// @ts-expect-error an entity with a sealed field says whom it is about
entity({ ...shape, subject: 'none', fields: { code: text({ class: 'secret', label, ...held }) } })
// @ts-expect-error a subject cannot be left out
entity({ ...shape, fields: { title: text({ class: 'internal', label }) } })
entity({
  ...shape,
  // @ts-expect-error the subject is a reference, not a text that happens to be internal
  subject: 'title',
  fields: { title: text({ class: 'internal', label }), phone: phone({ class: 'personal', label, ...held }) },
})
// @ts-expect-error a list of references names several: a record has one subject
entity({ ...shape, subject: 'peopleIds', fields: { peopleIds: ref('customer', { class: 'internal', label, many: true }) } })
// @ts-expect-error a reference that may be absent leaves a record about nobody
entity({ ...shape, subject: 'personId', fields: { personId: ref('customer', { class: 'internal', label, optional: true }) } })
// @ts-expect-error the row scope names columns that are there
entity({ ...shape, subject: 'none', rowScope: { store: 'storeId' }, fields: { title: text({ class: 'internal', label }) } })
// @ts-expect-error every entity says how long it is kept
entity({ ...shape, retain: undefined, subject: 'none', fields: { title: text({ class: 'internal', label }) } })

const site = entity({
  ...shape,
  subject: 'customerId',
  rowScope: { parent: 'customerId' },
  fields: {
    customerId: ref('customer', { class: 'internal', label }),
    contact: phone({ class: 'personal', label, ...held }),
    rooms: text({ class: 'internal', label, many: true }),
    budget: integer({ class: 'internal', label, optional: true }),
    gateCode: text({ class: 'secret', label, ...held }),
  },
})
const shop = entity({ ...shape, name: 'shop', subject: 'none', fields: { title: text({ class: 'internal', label }) } })

// --- values ---

declare const row: Row<typeof site>
declare const sent: View<typeof site>
declare const shopView: View<typeof shop>
declare const send: (view: View) => void

send(sent)
send(shopView)
// @ts-expect-error a stored row is not a view
send(row)
// @ts-expect-error nor is a copy of one
send({ ...row })
// @ts-expect-error nor is an object that looks like one
send({ id: 'x', version: 1, createdAt: '', updatedAt: '', trashedAt: null })
// @ts-expect-error a row is not the view of its own entity
export const wrong: View<typeof site> = row
// @ts-expect-error a view of one entity is not a view of another
export const other: View<typeof site> = shopView
// @ts-expect-error a view is not a stored row: masks would be written back
export const back: Row<typeof site> = sent
// @ts-expect-error a secret is not in a view
export const code = sent.gateCode
// @ts-expect-error a personal value in a view may be masked: it is not simply a string
export const shown: string | undefined = sent.contact
// @ts-expect-error a masked value is not input
export const patch: Patch<typeof site> = { contact: { masked: '••••1234' } }
// @ts-expect-error what is required is required
export const input: Input<typeof site> = { customerId: 'x', gateCode: '1' }
// @ts-expect-error a secret cannot be exported
exportColumns(site, ['customerId', 'gateCode'])
// @ts-expect-error a standard column is not input
export const forged: Patch<typeof site> = { version: 3 }

/** And what must compile. */
export const opened: string = row.contact
export const number: number | null = row.budget
export const list: string[] = row.rooms
export const created: Input<typeof site> = { customerId: 'x', contact: '+8613800138000', gateCode: '1' }
