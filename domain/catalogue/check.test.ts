import fc from 'fast-check'
import { expect, test } from 'vitest'
import { customer } from '../crm/customer.ts'
import { interaction } from '../crm/interaction.ts'
import { catalogue } from './all.ts'
import { checkInput, maxItems, maxProblems, problemCodes } from './check.ts'
import { normaliseInput } from './normaliseInput.ts'

const storeId = '0190a0b0-0000-7000-8000-000000000001'
const least = { name: '王小明', kind: 'household', storeId }
const withField = (extra: Record<string, unknown>) => checkInput(customer, { ...least, ...extra }, 'create')

test('fills what is optional on create and only looks at what is given on update', () => {
  expect(checkInput(customer, least, 'create')).toEqual({
    value: {
      ...least,
      phones: [],
      emails: [],
      wechatIds: [],
      addresses: [],
      ownerId: null,
      tags: [],
      facts: null,
      notes: null,
      source: null,
      basis: null,
      referrerId: null,
    },
  })
  expect(checkInput(customer, { facts: null }, 'update')).toEqual({ value: { facts: null } })
  expect(checkInput(customer, {}, 'create').problems?.map((p) => p.field)).toEqual(['name', 'kind', 'storeId'])
})

test.each([
  [null, 'not_an_object'],
  [[], 'not_an_object'],
  ['name', 'not_an_object'],
])('refuses %j as a whole', (input, problem) => {
  expect(checkInput(customer, input, 'create').problems).toEqual([{ field: '', problem }])
})

test.each<[Record<string, unknown>, object]>([
  [{ surname: 'x' }, { field: 'surname', problem: 'unknown_key' }],
  [{ id: storeId }, { field: 'id', problem: 'unknown_key' }],
  [{ version: 3 }, { field: 'version', problem: 'unknown_key' }],
  [{ '13800138000': 'x' }, { field: '', problem: 'unknown_key' }],
  [{ name: null }, { field: 'name', problem: 'required' }],
  [{ name: 7 }, { field: 'name', problem: 'wrong_type' }],
  [{ name: ['王'] }, { field: 'name', problem: 'wrong_type' }],
  [{ name: { masked: '王••••' } }, { field: 'name', problem: 'wrong_type' }],
  [{ name: '王••••' }, { field: 'name', problem: 'masked' }],
  [{ name: ' \u3000' }, { field: 'name', problem: 'blank' }],
  [{ name: '王\u0000' }, { field: 'name', problem: 'bad_characters' }],
  [{ name: '王\n明' }, { field: 'name', problem: 'bad_characters' }],
  [{ name: '王\ud842' }, { field: 'name', problem: 'bad_characters' }],
  [{ name: 'abc\u202ecba' }, { field: 'name', problem: 'bad_characters' }],
  [{ name: '王'.repeat(5000) }, { field: 'name', problem: 'too_long', limit: 100 }],
  [{ phones: '+8613800138000' }, { field: 'phones', problem: 'wrong_type' }],
  [{ phones: null }, { field: 'phones', problem: 'wrong_type' }],
  [{ phones: ['+8613800138000', '13800138000'] }, { field: 'phones', index: 1, problem: 'bad_phone' }],
  [{ phones: ['••••8000'] }, { field: 'phones', index: 0, problem: 'masked' }],
  // oxlint-disable-next-line no-sparse-arrays -- a hole must not pass unseen
  [{ tags: [, 'x'] }, { field: 'tags', index: 0, problem: 'wrong_type' }],
  [{ tags: Array.from({ length: maxItems + 1 }, () => 'x') }, { field: 'tags', problem: 'too_many', limit: maxItems }],
  [{ emails: ['a@b'] }, { field: 'emails', index: 0, problem: 'bad_email' }],
  [{ emails: ['a@B.com'] }, { field: 'emails', index: 0, problem: 'bad_email' }],
  [{ kind: 'toString' }, { field: 'kind', problem: 'not_an_option' }],
  [{ storeId: 'nowhere' }, { field: 'storeId', problem: 'bad_reference' }],
])('refuses %j and names why', (extra, problem) => {
  expect(withField(extra).problems).toEqual([problem])
})

test('takes rare and emoji characters, counted as people count them', () => {
  const names = ['𠮷野家', '㐂寿', '👩‍🔧 Lin', 'محمد', 'Łukasz', '𠮷'.repeat(100)]
  for (const name of names) expect(withField({ name }).problems, name).toBeUndefined()
  expect(withField({ name: '𠮷'.repeat(101) }).problems).toEqual([{ field: 'name', problem: 'too_long', limit: 100 }])
  expect(withField({ notes: '第一行\n\t第二行' }).problems).toBeUndefined()
})

test.each(['2026-02-30T00:00:00.000Z', '2026-02-28', '2026-02-28T00:00:00Z', '2026-02-28T24:00:00.000Z', 'now'])(
  'refuses the instant %s',
  (happenedAt) => {
    expect(checkInput(interaction, { happenedAt }, 'update').problems).toEqual([{ field: 'happenedAt', problem: 'bad_timestamp' }])
  },
)

test('a key named __proto__ is one more unknown key', () => {
  const input = JSON.parse(`{"__proto__":{"name":"x"}}`) as unknown
  expect(checkInput(customer, input, 'update').problems).toEqual([{ field: '', problem: 'unknown_key' }])
})

test('ten thousand unknown keys are reported as a few problems', () => {
  const input = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, 1]))
  expect(checkInput(customer, input, 'create').problems).toHaveLength(maxProblems)
})

test('no input makes it throw, repeats a value, or yields a key outside the catalogue', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.record(
      {
        name: fc.anything(),
        phones: fc.array(fc.string({ unit: 'binary' })),
        kind: fc.string(),
        storeId: fc.constant(storeId),
        notes: fc.string({ unit: 'binary' }),
      },
      { requiredKeys: [] },
    ),
  )
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom(...Object.values(catalogue)),
      fc.constantFrom('create' as const, 'update' as const),
      (input, entity, mode) => {
        for (const given of [input, normaliseInput(entity, input)]) {
          const checked = checkInput(entity, given, mode)
          if (checked.problems) {
            expect(checked.problems.length).toBeGreaterThan(0)
            for (const { field, problem } of checked.problems) {
              expect(problemCodes).toContain(problem)
              if (problem !== 'unknown_key') expect(['', ...Object.keys(entity.fields)]).toContain(field)
            }
          } else for (const key of Object.keys(checked.value)) expect(Object.keys(entity.fields)).toContain(key)
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('normalises what people type into what the check takes', () => {
  const typed = {
    ...least,
    name: ' 王　小明 ',
    phones: ['138 0013 8000', '+8613800138000', '010-62345678'],
    emails: ['Lin <Lin@Example.COM>'],
    facts: ' ',
    addresses: ['深圳 南山区科苑路１５号'],
  }
  expect(checkInput(customer, normaliseInput(customer, typed), 'create').value).toMatchObject({
    name: '王 小明',
    phones: ['+8613800138000', '+861062345678'],
    emails: ['Lin@example.com'],
    facts: null,
    addresses: ['广东省深圳市南山区科苑路15号'],
  })
  expect(normaliseInput(interaction, { happenedAt: '2026-01-01T08:00:00+08:00' })).toEqual({ happenedAt: '2026-01-01T00:00:00.000Z' })
  expect(
    checkInput(customer, normaliseInput(customer, { phones: ['••••8000'], name: '王••••' }), 'update').problems?.map((p) => p.problem),
  ).toEqual(['masked', 'masked'])
})
