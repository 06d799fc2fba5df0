import { expect, test } from 'vitest'
import { pinyinForms } from '../../../domain/text/pinyin.ts'
import { roles } from '../../../domain/policy/roles.ts'
import { deviationsOf } from '../../../domain/policy/separation.ts'
import type { Loan, Person } from '../../app/people.ts'
import { standingsOf } from '../../app/standingsOf.ts'
import { agoOf } from '../../ui/ago.ts'
import { countStates, narrowPeople, type PeopleFilter, shopDay, soughtText, stateOf } from './personState.ts'

const someone = (over: Partial<Person> = {}): Person => ({
  id: 'p1',
  version: 1,
  login: 'chenyue',
  name: '陈岳',
  kind: 'person',
  roles: ['salesConsultant'],
  storeIds: ['s1'],
  loans: [],
  joinsOn: null,
  leavesOn: null,
  active: true,
  suspended: null,
  privileged: false,
  deviations: [],
  lastAct: null,
  ...over,
})
const today = '2026-11-25'
const loan: Loan = {
  id: 'g1',
  role: 'storeManager',
  storeIds: ['s2'],
  kind: 'temporary',
  forStaff: null,
  starts: null,
  ends: '2026-12-01T00:00:00Z',
}

test.each([
  [{}, 'working'],
  [{ leavesOn: '2026-11-25' }, 'leaving'],
  [{ leavesOn: '2026-11-24' }, 'left'],
  [{ joinsOn: '2026-11-26' }, 'joining'],
  [{ joinsOn: '2026-11-25' }, 'working'],
  [{ suspended: 'dormant' }, 'suspended'],
  [{ active: false, suspended: 'manual' }, 'left'],
] as const)('%o stands as %s', (over, state) => expect(stateOf(someone(over), today)).toBe(state))

test('the day is the shop’s, not the reader’s', () => {
  expect(shopDay(new Date('2026-11-24T16:00:00Z'))).toBe('2026-11-25')
  expect(shopDay(new Date('2026-11-24T15:59:00Z'))).toBe('2026-11-24')
})

test('people are narrowed by text, pinyin, store, role and state, loans included', () => {
  const spell = (name: string): string => Object.values(pinyinForms(name)).join(' ')
  const staff = [
    someone(),
    someone({ id: 'p2', name: '单小月', login: 'dxy', leavesOn: '2026-01-01' }),
    someone({ id: 'p3', name: null, login: 'kasse', loans: [{ ...loan, storeIds: ['s2'] }] }),
  ]
  const none: PeopleFilter = { text: '', store: null, role: null, state: 'all' }
  const found = (over: Partial<PeopleFilter>) =>
    narrowPeople(staff, { ...none, ...over }, today, (person) => soughtText(person, spell)).map(({ id }) => id)
  expect(found({})).toEqual(['p1', 'p2', 'p3'])
  expect(found({ text: ' CHEN' })).toEqual(['p1'])
  expect(found({ text: 'shanxiao' })).toEqual(['p2'])
  expect(found({ text: 'sxy' })).toEqual(['p2'])
  expect(found({ text: '岳' })).toEqual(['p1'])
  expect(found({ store: 's2' })).toEqual(['p3'])
  expect(found({ role: 'storeManager' })).toEqual(['p3'])
  expect(found({ state: 'here' })).toEqual(['p1', 'p3'])
  expect(found({ state: 'lent' })).toEqual(['p3'])
  expect(countStates(staff, today)).toEqual({ here: 2, working: 2, leaving: 0, joining: 0, suspended: 0, left: 1, lent: 1, all: 3 })
})

test('what somebody holds is read as the server does: lent roles in their time only, in the regions of their stores', () => {
  const infos = [
    { id: 'salesConsultant', name: null, role: roles.salesConsultant },
    { id: 'storeManager', name: null, role: roles.storeManager },
    { id: 'auditor', name: null, role: roles.auditor },
  ]
  const stores = [
    { id: 's1', region: '华东' },
    { id: 's2', region: '华东' },
    { id: 's3', region: null },
  ]
  const held = standingsOf(
    someone({ loans: [{ ...loan, forStaff: 'p9' }], roles: ['salesConsultant', 'gone'] }),
    infos,
    stores,
    '2026-11-25T00:00:00Z',
  )
  expect(held).toMatchObject([
    { roleId: 'salesConsultant', regionStoreIds: ['s1', 's2'], ownerIds: ['p1'], kind: 'lasting' },
    { roleId: 'storeManager', storeIds: ['s2'], ownerIds: ['p1', 'p9'], kind: 'temporary' },
  ])
  const later = { ...loan, starts: '2026-11-30T00:00:00Z' }
  expect(standingsOf(someone({ loans: [later] }), infos, stores, '2026-11-25T00:00:00Z')).toHaveLength(1)
  expect(standingsOf(someone({ loans: [loan] }), infos, stores, '2026-12-01T00:00:00Z')).toHaveLength(1)
  expect(deviationsOf(standingsOf(someone({ roles: ['auditor', 'salesConsultant'] }), infos, stores, '2026-11-25T00:00:00Z'))).toEqual([
    'power_reads_customers',
  ])
})

test.each([
  [null, { unit: 'never', count: 0 }],
  ['2026-11-25T11:59:00', { unit: 'now', count: 0 }],
  ['2026-11-25T11:20:00', { unit: 'minutes', count: 40 }],
  ['2026-11-25T01:10:00', { unit: 'hours', count: 10 }],
  ['2026-11-24T23:50:00', { unit: 'yesterday', count: 1 }],
  ['2026-11-22T00:10:00', { unit: 'days', count: 3 }],
  ['2026-07-01T00:10:00', { unit: 'months', count: 4 }],
  ['2023-07-01T00:10:00', { unit: 'years', count: 3 }],
] as const)('%s is told as %o', (iso, told) => expect(agoOf(iso, new Date('2026-11-25T12:00:00').getTime())).toEqual(told))
