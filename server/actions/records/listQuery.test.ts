import { expect, test } from 'vitest'
import { someone } from '../../../domain/policy/actor.fixture.ts'
import { decide } from '../../../domain/policy/decide.ts'
import type { RoleId } from '../../../domain/policy/roles.ts'
import { cursorOf, readListQuery } from './listQuery.ts'

const scopeOf = (role: RoleId) => decide(someone([role]), 'customer')
const read = (text: string, role: RoleId = 'owner') => readListQuery(scopeOf(role), new URLSearchParams(text))
const refusal = (text: string, role: RoleId = 'owner'): unknown => {
  try {
    return read(text, role)
  } catch (error) {
    const { code, details } = error as { code: string; details: Record<string, unknown> }
    return { code, details }
  }
}

test('reads page, text, facets and exact values', () => {
  expect(read('q= 罗 &filter[storeId]=a,b&filter[phones]=%2B8613912345678&sort=-name&page=3&pageSize=20')).toEqual({
    q: '罗',
    facets: { storeId: ['a', 'b'] },
    exact: { field: 'phones', value: '+8613912345678' },
    trashed: false,
    brief: false,
    created: null,
    labels: {},
    sort: '-name',
    offset: 40,
    limit: 20,
  })
  expect(read(`cursor=${cursorOf(150)}&pageSize=50`)).toMatchObject({ offset: 150 })
})

test('hidden, unaskable and unknown fields are refused with the same words', () => {
  const codes = ['notes', 'addresses', 'nonsense', '__proto__', 'constructor', 'subject'].map(
    (name) => refusal(`filter[${name}]=x`) as { code: string; details: { key: string } },
  )
  for (const [i, name] of ['notes', 'addresses', 'nonsense', '__proto__', 'constructor', 'subject'].entries()) {
    expect(codes[i]).toEqual({ code: 'unknown_key', details: { key: `filter[${name}]` } })
  }
  for (const sort of ['notes', 'phones', 'nonsense', 'updatedAt'])
    expect(refusal(`sort=${sort}`)).toEqual({ code: 'unknown_key', details: { key: 'sort' } })
  expect(refusal('filter[trashed]=true', 'salesConsultant')).toEqual({ code: 'unknown_key', details: { key: 'filter[trashed]' } })
  expect(refusal('filter[storeId]=x', 'auditor')).toEqual({ code: 'unknown_key', details: { key: 'filter[storeId]' } })
})

test.each(['pageSize=0', 'pageSize=201', 'page=0', 'page=-1', 'page=1e3', 'cursor=zzz', `q=${'x'.repeat(201)}`, 'page=999999999'])(
  '%s is refused',
  (text) => {
    expect(refusal(text)).toMatchObject({ code: 'input_invalid' })
  },
)

test('reads who owns nobody, when a record was made, and labels', () => {
  expect(read('filter[ownerId]=none,a&filter[kind]=none').facets).toEqual({ ownerId: ['none', 'a'], kind: ['none'] })
  const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z']
  expect(read(`filter[createdAt]=${from}..${to}`).created).toEqual({ from: Date.parse(from), to: Date.parse(to) })
  expect(read(`filter[createdAt]=..${to}`).created).toEqual({ from: -Infinity, to: Date.parse(to) })
  for (const bad of [from, `${from}..x`, '2026..', `${from}..${to}..${to}`, ''])
    expect([bad, (refusal(`filter[createdAt]=${bad}`) as { code: string }).code]).toEqual([bad, 'input_invalid'])
  expect(read('filter[tags]=a,b&filter[tags]=c').labels).toEqual({ tags: ['a,b', 'c'] })
  expect(refusal('filter[tags]=x', 'auditor')).toEqual({ code: 'unknown_key', details: { key: 'filter[tags]' } })
  expect(refusal(Array.from({ length: 6 }, (_, i) => `filter[tags]=${i}`).join('&'))).toMatchObject({ code: 'unknown_key' })
})
