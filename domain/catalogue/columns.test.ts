import { expect, test } from 'vitest'
import { customer } from '../crm/customer.ts'
import { interaction } from '../crm/interaction.ts'
import { store } from '../people/store.ts'
import { catalogue } from './all.ts'
import { columnsOf, tableOf } from './columns.ts'
import { entity } from './entity.ts'
import { choice, date, flag, integer, isSealed, ref, text } from './field.ts'
import { sealedGroups } from './groups.ts'

const label = { zh: '甲', en: 'A' }
const home = { purpose: 'essential.service', category: 'user.home' } as const
const sample = entity({
  name: 'sitePlan',
  plural: 'site-plans',
  label,
  subject: 'customerId',
  rowScope: { parent: 'customerId' },
  retain: { years: 1, from: 'created' },
  schemaVersion: 1,
  fields: {
    alarmCode: text({ class: 'secret', label, ...home }),
    customerId: ref('customer', { class: 'internal', label }),
    idNumber: text({ class: 'sensitive', label, find: ['exact'], optional: true, ...home }),
    awayFrom: date({ class: 'sensitive', label, ...home }),
    contact: text({ class: 'personal', label, ...home }),
    budget: integer({ class: 'internal', label, optional: true }),
    wired: flag({ class: 'internal', label }),
    rooms: choice({ living: label, "ma's": label }, { class: 'internal', label, many: true }),
  },
})

test('groups follow the classes, and fields their declaration', () => {
  expect(sealedGroups(sample)).toEqual([
    { class: 'personal', column: 'sealed_personal', fields: ['contact'] },
    { class: 'sensitive', column: 'sealed_sensitive', fields: ['idNumber', 'awayFrom'] },
    { class: 'secret', column: 'sealed_secret', fields: ['alarmCode'] },
  ])
  expect(sealedGroups(store)).toEqual([])
  expect(sealedGroups(customer)).toHaveLength(1)
})

test('columns of an entity with every kind of column', () => {
  const short = columnsOf(sample).map(({ name, type, nullable }) => `${name} ${type}${nullable ? ' null' : ''}`)
  expect(short).toEqual([
    'id uuid',
    'version integer',
    'created_at timestamptz',
    'updated_at timestamptz',
    'trashed_at timestamptz null',
    'subject integer',
    'customer_id uuid',
    'budget bigint null',
    'wired boolean',
    'rooms text[]',
    'sealed_personal bytea',
    'sealed_sensitive bytea',
    'sealed_secret bytea',
    'id_number_bidx bytea null',
    'id_number_bidx_next bytea null',
  ])
  expect(tableOf(sample)).toBe('site_plans')
  expect(columnsOf(sample).find((column) => column.name === 'rooms')?.check).toBe("rooms <@ array['living', 'ma''s']::text[]")
})

test('the shipped tables: lists of tokens for lists of phones, none for what is only found in memory, no subject where nobody is', () => {
  const names = (e: Parameters<typeof columnsOf>[0]) => columnsOf(e).map((column) => column.name)
  expect(columnsOf(customer).find((column) => column.name === 'phones_bidx')).toEqual({
    name: 'phones_bidx',
    type: 'bytea[]',
    nullable: false,
  })
  expect(names(customer)).not.toContain('name_bidx')
  expect(names(store)).not.toContain('subject')
  expect(names(interaction)).toContain('happened_at')
})

test('no sealed field of any entity has a column that could hold its value', () => {
  for (const e of Object.values(catalogue)) {
    for (const [name, field] of Object.entries(e.fields)) {
      if (!isSealed(field.class)) continue
      for (const column of columnsOf(e))
        expect([column.name, column.type]).not.toEqual([name, expect.stringMatching(/^(text|date|bigint)/)])
    }
    const columns = columnsOf(e).map((column) => column.name)
    expect(new Set(columns).size).toBe(columns.length)
  }
})
