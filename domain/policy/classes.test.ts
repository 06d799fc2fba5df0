import { expect, test } from 'vitest'
import { catalogue, type EntityName } from '../catalogue/all.ts'
import { entity, type Row } from '../catalogue/entity.ts'
import { text } from '../catalogue/field.ts'
import { someone } from './actor.fixture.ts'
import { decide } from './decide.ts'
import { fieldRights } from './fieldRights.ts'
import { all, none, satisfies } from './predicate.ts'
import type { Grant } from './role.ts'
import { roles } from './roles.ts'
import { view } from './view.ts'

// No entity holds sensitive or secret fields yet; what policy makes of them is decided now. The entity and its grants live in this file's process only.
const label = { zh: '甲', en: 'A' }
const held = { purpose: 'essential.service', category: 'user.home' } as const
const site = entity({
  name: 'site',
  plural: 'sites',
  label,
  subject: 'self',
  rowScope: {},
  retain: { years: 1, from: 'created' },
  schemaVersion: 1,
  fields: {
    title: text({ class: 'public', label, find: ['exact'] }),
    room: text({ class: 'internal', label, find: ['range'] }),
    contact: text({ class: 'personal', label, find: ['exact', 'fragment'], mask: 'ends', ...held }),
    plan: text({ class: 'sensitive', label, find: ['exact'], ...held }),
    code: text({ class: 'secret', label, ...held }),
  },
})
const name = 'site' as EntityName
Object.assign(catalogue, { site })

const scopeWith = (grant: Grant) => {
  Object.assign(roles.owner.entities, { site: grant })
  return decide(someone(['owner']), name)
}
const row: Row<typeof site> = {
  id: 'id',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  trashedAt: null,
  subject: 7,
  title: 'Title',
  room: 'Cinema',
  contact: 'Lin at the gate',
  plan: 'Floor plan',
  code: '4711#',
}
const everything = {
  rows: 'all',
  names: 'all',
  personal: 'all',
  sensitive: 'all',
  reveal: 'all',
  use: 'all',
  actions: { create: 'all', update: 'all' },
} as const

test('even who may do everything is sent no secret, cannot ask for one, and does not reveal one as a value among others', () => {
  const scope = scopeWith(everything)
  expect(view<typeof site>(scope, row)).toMatchObject({ title: 'Title', contact: 'Lin at the gate', plan: { masked: '••••' } })
  expect(view<typeof site>(scope, row)).not.toHaveProperty('code')
  expect(scope.fields.code).toMatchObject({ read: none, filter: none, exact: none, sort: false, reveal: none })
})

test('sensitive opens only by a reveal, under a grant of its own; without it nobody learns that there is such a value', () => {
  expect(fieldRights(scopeWith(everything)).plan).toMatchObject({
    read: 'nowhere',
    filter: 'nowhere',
    exact: 'nowhere',
    reveal: 'everywhere',
  })
  const { sensitive: _, ...rest } = everything
  const scope = scopeWith(rest)
  expect(view<typeof site>(scope, row)).toMatchObject({ contact: 'Lin at the gate' })
  expect(view<typeof site>(scope, row)).not.toHaveProperty('plan')
  expect(scope.fields.plan).toMatchObject({ read: none, filter: none, exact: none, reveal: none })
})

test('a grant of rows alone shows what is public or internal, and does not tell that there is more', () => {
  const scope = scopeWith({ rows: 'all', filter: 'all', sort: 'all' })
  expect(Object.keys(view<typeof site>(scope, row)).toSorted()).toEqual([
    'createdAt',
    'id',
    'room',
    'title',
    'trashedAt',
    'updatedAt',
    'version',
  ])
  expect(Object.keys(fieldRights(scope))).toEqual(['title', 'room'])
  expect(scope.fields.room).toMatchObject({ read: all, sort: true, write: none })
  expect(satisfies(scope.fields.contact!.exact, {})).toBe(false)
})
