import fc from 'fast-check'
import { expect, test } from 'vitest'
import { customer } from '../crm/customer.ts'
import { interaction } from '../crm/interaction.ts'
import { staff } from '../people/staff.ts'
import { store } from '../people/store.ts'
import { catalogue } from './all.ts'
import { columnsOf, tableOf } from './columns.ts'
import { entity, type Entity } from './entity.ts'
import { exportColumns } from './exportColumns.ts'
import { isSealed, text } from './field.ts'
import { formOf } from './form.ts'
import { differences, lockOf } from './lock.ts'
import { recordOfProcessing } from './recordOfProcessing.ts'
import { retainUntil, retentionRules } from './retention.ts'
import { subjectQueries } from './subjectQueries.ts'
import { tableColumnsOf } from './tableColumns.ts'

const label = { zh: '甲', en: 'A' }
const held = { purpose: 'essential.service', category: 'user.home' } as const
const vault = entity({
  name: 'vault',
  plural: 'vaults',
  label,
  subject: 'self',
  rowScope: {},
  retain: { years: 1, from: 'created' },
  schemaVersion: 1,
  fields: {
    title: text({ class: 'internal', label }),
    plan: text({ class: 'sensitive', label, ...held }),
    code: text({ class: 'secret', label, ...held }),
  },
})
const entities: Entity[] = Object.values(catalogue)

test.each(entities)('the declaration of $name hangs together', (declared) => {
  expect(catalogue).toHaveProperty(declared.name)
  expect(declared.plural).toMatch(/^[a-z]+(-[a-z]+)*$/)
  for (const [name, field] of Object.entries(declared.fields)) {
    expect(name).toMatch(/^[a-z][A-Za-z]{0,39}$/)
    expect(['id', 'version', 'createdAt', 'updatedAt', 'trashedAt', 'subject']).not.toContain(name)
    expect(field.kind === 'ref').toBe(field.to !== null)
    if (field.to !== null) expect(Object.keys(catalogue)).toContain(field.to)
    for (const said of [field.label, ...Object.values(field.values ?? {})]) expect([said.zh.trim(), said.en.trim()]).not.toContain('')
    for (const value of Object.keys(field.values ?? {})) expect(value.length).toBeLessThanOrEqual(field.max)
    if (isSealed(field.class)) expect([field.purpose, field.category]).not.toContain(null)
  }
  const subject = declared.fields[declared.subject]
  if (subject) expect(entities.find((other) => other.name === subject.to)?.subject).toBe('self')
})

test('tables and names are each used once', () => {
  for (const names of [entities.map(tableOf), entities.map((e) => e.plural)]) expect(new Set(names).size).toBe(entities.length)
})

test('forms hold every field in order, with the control its kind asks for', () => {
  expect(
    formOf(customer).map((field) => `${field.name}:${field.control}${field.required ? '!' : ''}${field.items > 1 ? '*' : ''}`),
  ).toEqual([
    'name:line!',
    'kind:select!',
    'phones:phone*',
    'emails:email*',
    'wechatIds:line*',
    'addresses:address*',
    'storeId:record!',
    'ownerId:record',
    'tags:words*',
    'facts:lines',
    'notes:lines',
    'source:select',
    'basis:select',
    'referrerId:record',
  ])
})

test('lists show neither sensitive nor secret nor long text, and sort where an order exists', () => {
  expect(tableColumnsOf(vault).map((column) => column.name)).toEqual(['title'])
  expect(tableColumnsOf(customer).map((column) => column.name)).not.toContain('notes')
  expect(
    tableColumnsOf(customer)
      .filter((column) => column.sortable)
      .map((column) => column.name),
  ).toEqual(['name'])
  expect(
    tableColumnsOf(store)
      .filter((column) => column.sortable)
      .map((column) => column.name),
  ).toEqual(['name'])
})

test('an export has no secret, even when asked for one, and sensitive only when asked', () => {
  const names = (asked?: string[]) => exportColumns(vault, asked as 'title'[] | undefined).map((column) => column.name)
  expect(names()).toEqual(['title'])
  expect(names(['plan', 'code', 'nothing', 'title'])).toEqual(['plan', 'title'])
})

test('every table with a person in it has one query by that person, and it names a column that is there', () => {
  const queries = subjectQueries(catalogue)
  expect(queries.map((query) => query.table)).toEqual(['customers', 'contacts', 'staff', 'consents', 'interactions', 'appointments'])
  for (const declared of entities) {
    const sealed = Object.values(declared.fields).some((field) => isSealed(field.class))
    if (sealed) expect(queries.map((query) => query.entity)).toContain(declared.name)
  }
  for (const query of queries)
    expect(columnsOf(entities.find((e) => e.name === query.entity)!).map((column) => column.name)).toContain('subject')
})

test('the record of processing holds each sealed field exactly once', () => {
  const lines = recordOfProcessing({ ...catalogue, vault })
  const listed = lines.flatMap((line) => line.fields.map((field) => `${line.entity}.${field.name}`))
  const sealed = [...entities, vault].flatMap((e) =>
    Object.entries(e.fields).flatMap(([name, field]) => (isSealed(field.class) ? [`${e.name}.${name}`] : [])),
  )
  expect(listed.toSorted()).toEqual(sealed.toSorted())
  expect(lines.find((line) => line.category === 'user.contact.phone_number')).toMatchObject({
    purpose: 'essential.service',
    sensitive: false,
    retain: { years: 6 },
  })
  expect(lines.filter((line) => line.sensitive).map((line) => line.class)).toEqual(['sensitive', 'secret'])
})

test('retention counts calendar years from the right day', () => {
  expect(retentionRules(catalogue).find((rule) => rule.entity === 'staff')).toEqual({
    entity: 'staff',
    table: 'staff',
    years: 3,
    column: 'trashed_at',
  })
  const createdAt = '2024-02-29T10:00:00.000Z'
  expect(retainUntil(interaction, { createdAt, trashedAt: null })).toBe('2030-02-28T10:00:00.000Z')
  expect(retainUntil(customer, { createdAt, trashedAt: null })).toBeNull()
  expect(retainUntil(staff, { createdAt, trashedAt: '2026-11-23T00:00:00.000Z' })).toBe('2029-11-23T00:00:00.000Z')
})

test('the lock changes with every option of every field', () => {
  const before = lockOf(catalogue)
  expect(differences(before, JSON.parse(JSON.stringify(before)))).toEqual([])
  fc.assert(
    fc.property(fc.constantFrom(...entities), fc.nat(), fc.nat(), (declared, i, j) => {
      const [name, field] = Object.entries(declared.fields)[i % Object.keys(declared.fields).length]!
      const option = Object.keys(field)[j % Object.keys(field).length]!
      const changed = { ...declared, fields: { ...declared.fields, [name]: { ...field, [option]: 'changed' } } } as unknown as Entity
      expect(differences(before, lockOf({ ...catalogue, [declared.name]: changed })).join()).toContain(
        `${declared.name}.fields.${name}.${option}`,
      )
    }),
  )
})
