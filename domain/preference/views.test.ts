import { expect, test } from 'vitest'
import { customer } from '../crm/customer.ts'
import { someone } from '../policy/actor.fixture.ts'
import { decide } from '../policy/decide.ts'
import type { RoleId } from '../policy/roles.ts'
import { builtInViews } from './builtInViews.ts'
import { createdSpan } from './created.ts'
import { fitView, isSameView, possibleIn } from './fitView.ts'
import { isListState, isSavedViews } from './savedView.ts'

const scopeOf = (role: RoleId) => decide(someone([role]), 'customer')

test('what a list may be looked at by follows the scope', () => {
  const owner = possibleIn(customer, scopeOf('owner'))
  const consultant = possibleIn(customer, scopeOf('salesConsultant'))
  expect(owner.filters).toEqual(expect.arrayContaining(['storeId', 'ownerId', 'kind', 'tags', 'createdAt', 'trashed']))
  expect(consultant.filters).not.toContain('trashed')
  for (const closed of ['phones', 'name', 'notes']) expect(owner.filters).not.toContain(closed)
  expect(owner.sorts.toSorted()).toEqual(['createdAt', 'name'])
  expect(owner.columns).toContain('phones')
  expect(owner.columns).not.toContain('notes')
  expect(possibleIn(customer, scopeOf('auditor'))).toEqual({ filters: ['createdAt'], sorts: ['createdAt'], columns: ['createdAt'] })
})

test('a view whose fields are gone keeps what is left and names the rest', () => {
  const possible = possibleIn(customer, scopeOf('salesConsultant'))
  const view = {
    q: '沈',
    filters: { storeId: 's1', trashed: 'true', budget: 'high' },
    sort: '-budget',
    columns: ['name', 'budget', 'phones'],
  }
  expect(fitView(view, possible)).toEqual({
    view: { q: '沈', filters: { storeId: 's1' }, sort: '-createdAt', columns: ['name', 'phones'] },
    lost: ['trashed', 'budget'],
  })
  for (const own of Object.values(builtInViews('me'))) expect(fitView(own, possible)).toEqual({ view: own, lost: [] })
})

test('two views are the same whatever order their filters were chosen in', () => {
  const { all, mine } = builtInViews('me')
  expect(isSameView({ ...all, filters: { a: '1', b: '2' } }, { ...all, filters: { b: '2', a: '1' } })).toBe(true)
  expect(isSameView(all, mine)).toBe(false)
  expect(isSameView(all, { ...all, columns: ['name'] })).toBe(false)
})

test('a stretch of days is turned into instants of the clock here, whole days at both ends', () => {
  const now = new Date(2026, 10, 25, 15, 30)
  expect(createdSpan('last7', now)).toBe(`${new Date(2026, 10, 19).toISOString()}..`)
  expect(createdSpan('2026-01-31..2026-02-28', now)).toBe(`${new Date(2026, 0, 31).toISOString()}..${new Date(2026, 2, 1).toISOString()}`)
  expect(createdSpan('..2026-02-28', now)).toBe(`..${new Date(2026, 2, 1).toISOString()}`)
  for (const other of ['', '..', 'last8', 'constructor', '2026-01-01', 'x..y'])
    expect([other, createdSpan(other, now)]).toEqual([other, null])
})

test('views and how a list was left are known by their shape', () => {
  const view = { id: '01900000-0000-7000-8000-000000000000', name: '公海', q: '', filters: {}, sort: 'name', columns: null }
  expect(isSavedViews([view])).toBe(true)
  expect(isSavedViews([view, view])).toBe(false)
  expect(isSavedViews([{ ...view, sort: 'na me' }])).toBe(false)
  expect(isListState({ pageSize: 50, columns: ['name'] })).toBe(true)
  for (const other of [{ pageSize: 51 }, { columns: ['a', 'a'] }, { q: 'x' }, [], null]) expect(isListState(other)).toBe(false)
})
