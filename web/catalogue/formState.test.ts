import { expect, test } from 'vitest'
import { customer } from '../../domain/crm/customer.ts'
import type { RecordView } from '../app/contract.ts'
import { changesOf, checkDraft, draftOf } from './formState.ts'

const record = {
  id: 'x',
  version: 3,
  createdAt: '',
  updatedAt: '',
  trashedAt: null,
  name: '沈知远',
  kind: 'household',
  phones: ['+8613812345678'],
  emails: [{ masked: 's••••m' }],
  wechatIds: [{ masked: 's••••n' }],
  addresses: [],
  storeId: '00000000-0000-4000-8000-000000000001',
  ownerId: null,
  tags: [],
  notes: null,
} as unknown as RecordView

test('a masked value never becomes a draft, so its mask can never be sent', () => {
  const draft = draftOf(customer, record)
  expect(draft).not.toHaveProperty('emails')
  expect(draft).not.toHaveProperty('wechatIds')
  expect(JSON.stringify(draft)).not.toContain('••••')
})

test('an untouched form changes nothing, and only what was touched is sent, in stored form', () => {
  const base = draftOf(customer, record)
  expect(base['phones']).toEqual(['138 1234 5678'])
  expect(changesOf(customer, base, { ...base })).toEqual({})
  const changes = changesOf(customer, base, { ...base, phones: ['138 1234 5678', '', '021-62345678'], facts: ' ' })
  expect(checkDraft(customer, changes, 'update')).toEqual({ value: { phones: ['+8613812345678', '+862162345678'] } })
})

test('emptying an optional field sends null, emptying the name is refused', () => {
  const base = draftOf(customer, { ...record, facts: '两只猫' })
  expect(checkDraft(customer, changesOf(customer, base, { ...base, facts: '' }), 'update')).toEqual({ value: { facts: null } })
  expect(checkDraft(customer, changesOf(customer, base, { ...base, name: ' ' }), 'update')).toEqual({
    problems: [{ field: 'name', problem: 'required' }],
  })
})

test('a new record names every required field that is missing', () => {
  const result = checkDraft(customer, draftOf(customer, null, { kind: 'household' }), 'create')
  expect('problems' in result && result.problems.map(({ field, problem }) => [field, problem])).toEqual([
    ['name', 'required'],
    ['storeId', 'required'],
  ])
})
