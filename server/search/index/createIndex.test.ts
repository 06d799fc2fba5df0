import fc from 'fast-check'
import { expect, test } from 'vitest'
import { customer } from '../../../domain/crm/customer.ts'
import type { Predicate } from '../../../domain/policy/predicate.ts'
import { satisfies } from '../../../domain/policy/predicate.ts'
import { markedPinyin, sortKey } from '../../../domain/text/pinyin.ts'
import { generateCustomers } from '../../../test/support/people.ts'
import { createIndex, type IndexedRecord, type SearchIndex } from './createIndex.ts'
import { foldText } from '../../../domain/text/foldText.ts'
import type { PageQuery, SearchScope } from './query.ts'

type Person = IndexedRecord & {
  name: string
  kind: string
  phones: string[]
  emails: string[]
  wechatIds: string[]
  addresses: string[]
  tags: string[]
  storeId: string
  ownerId: string | null
}

const uuid = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const person = (n: number, given: Partial<Person> = {}): Person => ({
  id: uuid(n),
  subject: n,
  createdAt: new Date(1_700_000_000_000 + n * 1000).toISOString(),
  trashedAt: null,
  name: `客${n}`,
  kind: 'household',
  phones: [],
  emails: [],
  wechatIds: [],
  addresses: [],
  tags: [],
  storeId: 's1',
  ownerId: 'a',
  ...given,
})

const sealedFields = ['name', 'phones', 'emails', 'wechatIds', 'addresses', 'tags']
const scopeOf = (rows: Predicate, names: Predicate, filter: Predicate, exact: Predicate): SearchScope => ({
  rows,
  ids: [],
  fields: Object.fromEntries([
    ...sealedFields.map((name) => [name, { filter: name === 'name' ? names : filter, exact, sort: name === 'name' }]),
    ...['kind', 'storeId', 'ownerId'].map((name) => [name, { filter: { kind: 'all' }, exact: { kind: 'all' }, sort: false }]),
  ]),
})
const all: Predicate = { kind: 'all' }
const none: Predicate = { kind: 'none' }
const open = scopeOf(all, all, all, all)

const indexOf = (people: readonly Person[], perSegment = 8): SearchIndex => {
  const index = createIndex(customer, { perSegment })
  people.forEach((one) => index.load(one))
  index.finishLoad()
  return index
}
const find = (index: SearchIndex, q: string, scope = open): number[] =>
  index.page(scope, { q, offset: 0, limit: 100 }).ids.map((id) => Number.parseInt(id.slice(-12), 16))

test('a person is found by any part of the name, pinyin from any syllable, initials and Latin letters', () => {
  const index = indexOf([
    person(1, { name: '沈知远' }),
    person(2, { name: '张𠮷' }),
    person(3, { name: 'José Müller' }),
    person(4, { name: '王伟' }),
    person(5, { name: '李Tom' }),
  ])
  for (const q of [
    '沈知远',
    '沈',
    '知远',
    '远',
    'shenzhiyuan',
    'zhiyuan',
    'yuan',
    'zhiy',
    'szy',
    'zy',
    'SZY',
    'ＳＺＹ',
    '沈 知远',
    'szy 知',
  ])
    expect(find(index, q), q).toEqual([1])
  for (const q of ['𠮷', '张𠮷']) expect(find(index, q), q).toEqual([2])
  for (const q of ['jose', 'mull', 'JOSÉ', 'jose muller', 'müller']) expect(find(index, q), q).toEqual([3])
  for (const q of ['litom', 'lt', 'tom', 'lito']) expect(find(index, q), q).toEqual([5])
  for (const q of ['henzhi', 'hiyuan', 'uan', '知王', '伟王', 'szyy', '·']) expect(find(index, q), q).toEqual([])
})

test('two-character names match only those who have them', () => {
  const index = indexOf([
    person(1, { name: '王伟' }),
    person(2, { name: '王芳' }),
    person(3, { name: '李伟' }),
    person(4, { name: '伟王' }),
  ])
  expect(find(index, '王伟')).toEqual([1])
})

test('phones are found by a part where open, by last four and whole number where exact, and a written form does not matter', () => {
  const people = [person(1, { phones: ['+8613800138000', '+861062345678'] }), person(2, { phones: ['+8613880005678'], ownerId: 'b' })]
  const index = indexOf(people)
  const exactOnly = scopeOf(all, all, none, all)
  for (const q of ['13800138000', '138 0013 8000', '+86 138-0013-8000', '１３８００１３８０００', '001380', '01062345678', '010623'])
    expect(find(index, q), q).toEqual([1])
  for (const q of ['13800138000', '138 0013 8000', '8613800138000', '010-62345678', '8000'])
    expect(find(index, q, exactOnly), q).toEqual([1])
  expect(find(index, '8000')).toEqual([2, 1])
  expect(find(index, '5678', exactOnly)).toEqual([2, 1])
  for (const q of ['1380', '38000', '3800138000', '000', '13800', '0138']) expect(find(index, q, exactOnly), q).toEqual([])
  expect(find(index, '8000', scopeOf(all, all, { kind: 'in', column: 'ownerId', values: ['b'] }, none))).toEqual([2])
})

test('other fields are found by a part, and their complete value where exact', () => {
  const index = indexOf([
    person(1, { emails: ['Zhi.Yuan@example.cn'], wechatIds: ['wxid_abc'], addresses: ['上海市 浦东新区世纪大道1号'], tags: ['黑胶'] }),
  ])
  for (const q of ['zhi.yuan', '@EXAMPLE.cn', 'wxid', '浦东新区世纪', '上海市浦东', '上海 黑胶', '黑胶'])
    expect(find(index, q), q).toEqual([1])
  const exactOnly = scopeOf(all, all, none, all)
  for (const q of ['zhi.yuan@example.cn', 'wxid_abc']) expect(find(index, q, exactOnly), q).toEqual([1])
  for (const q of ['zhi.yuan', 'wxid_ab', '浦东', '上海市浦东新区世纪大道1号', '黑胶']) expect(find(index, q, exactOnly), q).toEqual([])
})

test('an address is found by the short names of its divisions, where a part of it may be asked for', () => {
  const index = indexOf([
    person(1, { addresses: ['广东省深圳市南山区科技园5栋'] }),
    person(2, { addresses: ['黑龙江省鹤岗市南山区东解放路'] }),
    person(3, { addresses: ['广东省深圳市福田区南山路6号'] }),
    person(4, { tags: ['南山区科技园'] }),
  ])
  for (const q of ['南山科技园', '深圳南山', '深圳南山科', '广东深圳南山科技园5栋', '深圳市南山科技园', '南山区科技园5', '深圳 南山科技园'])
    expect(find(index, q), q).toContain(1)
  expect(find(index, '深圳南山')).toEqual([1])
  expect(find(index, '南山东解放')).toEqual([2])
  expect(find(index, '南山科技园', scopeOf(all, all, none, all))).toEqual([])
  expect(find(index, '南山科技园', scopeOf(all, all, { kind: 'in', column: 'ownerId', values: ['b'] }, all))).toEqual([])
})

test('a page is narrowed to those without an owner, to a stretch of time, and to labels where a part of them may be matched', () => {
  const index = indexOf([
    person(1, { ownerId: null, tags: ['黑胶', 'VIP'] }),
    person(2, { tags: ['黑胶唱片'], ownerId: 'b' }),
    person(3, { tags: ['ｖｉｐ'] }),
  ])
  const ids = (query: Omit<PageQuery, 'offset' | 'limit'>, scope = open): number[] =>
    index.page(scope, { ...query, offset: 0, limit: 9 }).ids.map((id) => Number.parseInt(id.slice(-12), 16))
  expect(ids({ filters: { facets: { ownerId: ['none'] } } })).toEqual([1])
  expect(ids({ filters: { facets: { ownerId: ['none', 'b'] } } })).toEqual([2, 1])
  const at = (n: number): number => 1_700_000_000_000 + n * 1000
  expect(ids({ created: { from: at(2), to: at(3) } })).toEqual([2])
  expect(ids({ created: { from: at(2), to: Infinity }, sort: 'name' })).toEqual([2, 3])
  expect(ids({ created: { from: at(1), to: at(3) }, q: '客' })).toEqual([2, 1])
  expect(ids({ labels: { tags: ['黑胶'] } })).toEqual([1])
  expect(ids({ labels: { tags: ['vip'] } })).toEqual([3, 1])
  expect(ids({ labels: { tags: ['vip', '黑胶'] }, q: '客' })).toEqual([1])
  expect(ids({ labels: { tags: [''] } })).toEqual([])
  expect(ids({ labels: { tags: ['vip'] } }, scopeOf(all, all, { kind: 'in', column: 'ownerId', values: ['b'] }, all))).toEqual([])
  expect(() => ids({ labels: { name: ['客1'] } })).toThrow('input_invalid')
})

test('a whole name comes first, then names that begin so, then the others, each newest first', () => {
  const index = indexOf(
    ['李知远', '知远堂', '知远', '沈知远', '知远', 'John Smith', 'Smith John', 'John Smithson'].map((name, i) => person(i + 1, { name })),
  )
  expect(find(index, '知远')).toEqual([5, 3, 2, 4, 1])
  expect(find(index, 'smith john')).toEqual([7, 8, 6])
})

test('changes, trash and removal show at once, and compaction changes nothing', () => {
  const index = indexOf(Array.from({ length: 60 }, (_, i) => person(i + 1, { name: `沈${i % 2 ? '一' : '二'}` })))
  index.apply(
    [person(3, { name: '王五' }), person(4, { name: '沈四', trashedAt: '2026-01-01T00:00:00.000Z' }), person(99, { name: '沈新' })],
    [uuid(5), uuid(1234)],
  )
  expect(find(index, '王五')).toEqual([3])
  expect(find(index, '沈').slice(0, 2)).toEqual([99, 60])
  expect(find(index, '沈')).not.toContain(4)
  expect(index.page(open, { q: '沈', filters: { trashed: true }, offset: 0, limit: 9 })).toEqual({ ids: [uuid(4)], total: 1 })
  expect(index.page(open, { offset: 0, limit: 0 }).total).toBe(59)
  index.apply(
    Array.from({ length: 40 }, (_, i) => person(i + 10, { name: `沈改` })),
    [],
  )
  const before = index.page(open, { sort: 'name', offset: 0, limit: 100 })
  const found = find(index, '沈')
  let rounds = 0
  while (index.compact()) rounds++
  expect(rounds).toBeGreaterThan(0)
  expect(index.page(open, { sort: 'name', offset: 0, limit: 100 })).toEqual(before)
  expect(find(index, '沈')).toEqual(found)
})

test('sorting by a name that is not open in the whole scope is refused, as is a filter on what is no facet', () => {
  const index = indexOf([person(1)])
  const closed = { ...open, fields: { ...open.fields, name: { ...open.fields['name']!, sort: false } } }
  expect(() => index.page(closed, { sort: 'name', offset: 0, limit: 1 })).toThrow('forbidden')
  expect(() => index.page(open, { filters: { facets: { phones: ['1'] } }, offset: 0, limit: 1 })).toThrow('input_invalid')
  expect(() => index.page(open, { q: 'a'.repeat(301), offset: 0, limit: 1 })).toThrow('input_invalid')
})

// --- properties, against a reference that knows nothing of columns, slots or needles ---

// Some of those who may be there, and one who never is.
const workingIds = [1, 2, 5, 9, 99].map(uuid)
const letters = fc.constantFrom('沈', '知', '远', '王', '单', '乐', '𠮷', 'a', 'B', ' ', 'é', '1')
const textOf = (max: number): fc.Arbitrary<string> => fc.array(letters, { minLength: 1, maxLength: max }).map((parts) => parts.join(''))
const phone = fc.integer({ min: 0, max: 99 }).map((n) => `+861380000${String(n * 101).padStart(4, '0')}`)
const ruleLeaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constant(all),
  fc.constant(none),
  fc.record({
    kind: fc.constant('in' as const),
    column: fc.constantFrom('id' as const, 'storeId' as const, 'ownerId' as const),
    values: fc.subarray(['s1', 's2', 'a', 'b', ...workingIds]),
  }),
)
const rule: fc.Arbitrary<Predicate> = fc.oneof(
  ruleLeaf,
  fc.record({ kind: fc.constantFrom('any' as const, 'every' as const), of: fc.array(ruleLeaf, { maxLength: 3 }) }),
)
const anyPerson = (n: number): fc.Arbitrary<Person> =>
  fc
    .record({
      name: textOf(4),
      kind: fc.constantFrom('household', 'organisation'),
      phones: fc.array(phone, { maxLength: 2 }),
      tags: fc.array(textOf(2), { maxLength: 2 }),
      emails: fc.array(
        textOf(3).map((text) => `${text}@x`),
        { maxLength: 1 },
      ),
      wechatIds: fc.array(textOf(7), { maxLength: 2 }),
      addresses: fc.array(
        fc.oneof(
          textOf(5),
          textOf(5).map((text) => text.repeat(60)),
        ),
        { maxLength: 2 },
      ),
      storeId: fc.constantFrom('s1', 's2'),
      ownerId: fc.constantFrom('a', 'b', null),
      trashedAt: fc.constantFrom(null, null, '2026-01-01T00:00:00.000Z'),
      createdAt: fc.integer({ min: 0, max: 5 }).map((s) => new Date(s * 1000).toISOString()),
    })
    .map((given) => person(n, given))
const people = fc.integer({ min: 0, max: 30 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyPerson(i + 1))))
const scopes = fc
  .tuple(rule, rule, rule, rule)
  .map(([rows, names, filter, exact]) => ({ ...scopeOf(rows, names, filter, exact), ids: workingIds }))
const queries: fc.Arbitrary<PageQuery> = fc
  .record({
    q: fc.oneof(
      fc.constant(undefined),
      textOf(3),
      textOf(8),
      fc.constantFrom(
        'zhiyuan',
        'zhi',
        'shanyuanle',
        'zhiyuanzhiyuan',
        'a@x',
        '知@x',
        'szy',
        'sz',
        'shan',
        'dan',
        'le',
        'yue',
        '0101',
        '13800000101',
        '380',
        '138 0000 0202',
      ),
    ),
    sort: fc.constantFrom('name' as const, '-name' as const, 'createdAt' as const, '-createdAt' as const),
    filters: fc.record({
      trashed: fc.boolean(),
      facets: fc.oneof(
        fc.constant({}),
        fc.record({ storeId: fc.subarray(['s1', 's2']) }),
        fc.record({ kind: fc.constant(['household']) }),
        fc.record({ ownerId: fc.subarray(['a', 'none']) }),
      ),
    }),
    created: fc.option(
      fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })).map(([from, to]) => ({ from: from * 1000, to: to * 1000 })),
      { nil: undefined },
    ),
    labels: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.record({ tags: fc.array(textOf(2), { maxLength: 2 }) })),
    offset: fc.integer({ min: 0, max: 10 }),
    limit: fc.integer({ min: 0, max: 10 }),
  })
  // What is not asked is not there.
  .map((query) => Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as unknown as PageQuery)

const opens = (scope: SearchScope, field: string, right: 'filter' | 'exact', one: Person): boolean =>
  satisfies(scope.fields[field]![right], one)

const known = new Map<string, ReturnType<typeof markedPinyin>>()
const formsOf = (name: string): ReturnType<typeof markedPinyin> => {
  const made = known.get(name) ?? (/\p{Script=Han}/u.test(name) ? markedPinyin(name) : { marked: '', initials: '' })
  known.set(name, made)
  return made
}

const wordMatches = (scope: SearchScope, one: Person, word: string): boolean => {
  const text = foldText(word)
  const digits = /^\d+$/.test(word) ? word : null
  const name = foldText(one.name)
  const forms = formsOf(name)
  const atSyllable = [...forms.marked.matchAll(/[A-Z0-9]/g)].some((start) => forms.marked.slice(start.index).toLowerCase().startsWith(text))
  if (
    opens(scope, 'name', 'filter', one) &&
    (name.includes(text) || (/^[a-z][a-z0-9]*$/.test(text) && (atSyllable || forms.initials.includes(text))))
  )
    return true
  for (const field of ['emails', 'wechatIds', 'addresses', 'tags'] as const) {
    const values = [one[field] ?? []].flat().map(foldText)
    if (opens(scope, field, 'filter', one) && values.some((value) => value.includes(text))) return true
    if (
      (field === 'emails' || field === 'wechatIds') &&
      (field === 'emails' || text.length >= 6) &&
      opens(scope, field, 'exact', one) &&
      values.includes(text)
    )
      return true
  }
  if (digits === null) return false
  return one.phones.some(
    (number) =>
      (opens(scope, 'phones', 'filter', one) && number.slice(1).includes(digits)) ||
      (opens(scope, 'phones', 'exact', one) && ((digits.length === 4 && number.endsWith(digits)) || number === `+86${digits}`)),
  )
}

const reference = (everyone: readonly Person[], scope: SearchScope, query: PageQuery): { ids: string[]; total: number } => {
  const words = (query.q ?? '')
    .replace('138 0000 0202', '13800000202')
    .split(/\s+/)
    .filter((word) => word !== '')
  const matching = everyone.filter(
    (one) =>
      satisfies(scope.rows, one) &&
      (one.trashedAt !== null) === query.filters!.trashed &&
      Object.entries(query.filters!.facets!).every(([name, values]) => values.includes(String(one[name] ?? 'none'))) &&
      (!query.created || (Date.parse(one.createdAt) >= query.created.from && Date.parse(one.createdAt) < query.created.to)) &&
      Object.entries(query.labels ?? {}).every(([name, labels]) =>
        labels.every(
          (label) =>
            foldText(label) !== '' && opens(scope, name, 'filter', one) && (one[name] as string[]).map(foldText).includes(foldText(label)),
        ),
      ) &&
      words.every((word) => wordMatches(scope, one, word)),
  )
  const byName = query.sort!.endsWith('name')
  const sorted = matching
    .map((one) => ({ one, key: Buffer.from(byName ? sortKey(foldText(one.name)) : '') }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key) || a.one.createdAt.localeCompare(b.one.createdAt) || a.one.subject - b.one.subject)
    .map(({ one }) => one)
  if (query.sort!.startsWith('-')) sorted.reverse()
  return { ids: sorted.slice(query.offset, query.offset + query.limit).map((one) => one.id), total: matching.length }
}

test('page and total agree with the plain reading of the rules, for any people, scope and query', () => {
  fc.assert(
    fc.property(people, scopes, queries, (everyone, scope, query) => {
      expect(indexOf(everyone).page(scope, query)).toEqual(reference(everyone, scope, query))
    }),
    { numRuns: 1_000 },
  )
})

test('whoever is in a working set is found by it alone, stays so through changes, and is let go of when too many were', () => {
  const index = indexOf(Array.from({ length: 30 }, (_, i) => person(i + 1)))
  const of = (...numbers: number[]): SearchScope => {
    const ids = numbers.map(uuid)
    const rows: Predicate = { kind: 'in', column: 'id', values: ids }
    return { ...scopeOf(rows, rows, rows, rows), ids }
  }
  const listed = (scope: SearchScope) => index.page(scope, { sort: 'createdAt', offset: 0, limit: 100 }).ids
  expect(listed(of(3, 7, 40))).toEqual([uuid(3), uuid(7)])
  index.apply([person(7, { name: '换了名' }), person(40)], [uuid(3)])
  expect(listed(of(3, 7, 40))).toEqual([uuid(7), uuid(40)])
  expect(find(index, '换了名', of(7))).toEqual([7])
  expect(find(index, '换了名', of(8))).toEqual([])
  const absent = (from: number) => Array.from({ length: 3_000 }, (_, i) => 1_000 + from + i)
  expect(listed(of(1, ...absent(0)))).toEqual([uuid(1)])
  expect(listed(of(2, ...absent(3_000)))).toEqual([uuid(2)])
  expect(index.page({ ...open, ids: [] }, { offset: 0, limit: 0 }).total).toBe(30)
  expect(index.state.groups.list().filter((facts) => facts.id === uuid(1))).toHaveLength(1)
})

test('the same holds for thousands of people, where dense hits, walks and sorted hits take other ways', () => {
  const invented = generateCustomers(3)
  const everyone = Array.from({ length: 1_500 }, (_, i) =>
    person(i + 1, {
      ...invented.next().value,
      storeId: `s${i % 2}`,
      ownerId: i % 97 ? `o${i % 5}` : 'rare',
      createdAt: new Date((i % 400) * 1000).toISOString(),
    }),
  )
  const index = indexOf(everyone, 1_024)
  const within = (column: 'storeId' | 'ownerId', value: string): Predicate => ({ kind: 'in', column, values: [value] })
  const scopesHere = [
    open,
    scopeOf(all, all, within('ownerId', 'o1'), all),
    scopeOf(within('storeId', 's1'), within('storeId', 's1'), within('ownerId', 'rare'), within('storeId', 's1')),
    scopeOf(all, none, none, within('ownerId', 'rare')),
  ]
  const first = everyone[0]!.phones[0]!.slice(-4)
  const whole = everyone[97]!.phones[0]!.slice(3)
  for (const scope of scopesHere) {
    for (const q of [
      '王',
      '李',
      'w',
      'wang',
      'xian',
      'li',
      'lxy',
      '市',
      '1',
      '13',
      first,
      whole,
      'a',
      '王 市',
      'zh 1',
      '明 上海',
      'wxid',
      '@qq',
    ]) {
      for (const sort of ['name', '-createdAt'] as const) {
        for (const offset of [0, 40]) {
          const query = { q, sort, filters: { trashed: false, facets: {} }, offset, limit: 20 }
          expect(index.page(scope, query), `${q} ${sort} ${offset}`).toEqual(reference(everyone, scope, query))
        }
      }
    }
  }
})

test('after any history of changes, removals and compactions the index answers like a fresh one', () => {
  const step = fc.record({
    changed: fc.array(fc.integer({ min: 1, max: 20 }).chain(anyPerson), { maxLength: 8 }),
    removed: fc.array(fc.integer({ min: 1, max: 20 }).map(uuid), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), queries, (steps, query) => {
      const index = createIndex(customer, { perSegment: 4 })
      index.finishLoad()
      const truth = new Map<string, Person>()
      for (const { changed, removed } of steps) {
        index.apply(changed, removed)
        for (const id of removed) truth.delete(id)
        for (const one of changed) truth.set(one.id, one)
        index.compact()
      }
      expect(index.size()).toBe(truth.size)
      expect(index.page(open, query)).toEqual(reference([...truth.values()], open, query))
    }),
    { numRuns: 400 },
  )
})

test('what an actor gets never depends on values that are not open to them', () => {
  fc.assert(
    fc.property(people, people, scopes, queries, fc.boolean(), (everyone, others, scope, query, ranked) => {
      // Each person keeps what the actor may match, and gets a stranger's values where they may not.
      const twin = everyone.map((one, i) => {
        const other = others[i % Math.max(1, others.length)] ?? person(i + 1)
        const closed = sealedFields.filter((field) => !opens(scope, field, 'filter', one) && !opens(scope, field, 'exact', one))
        return { ...one, ...Object.fromEntries(closed.map((field) => [field, other[field]])) } as Person
      })
      const { sort, ...unsorted } = query
      const asked = ranked || sort!.endsWith('name') ? unsorted : query
      expect(indexOf(twin).page(scope, asked)).toEqual(indexOf(everyone).page(scope, asked))
    }),
    { numRuns: 600 },
  )
})

test('where only exact is open, digits other than the last four never matter to a fragment', () => {
  const exactOnly = scopeOf(all, all, none, all)
  const fragment = fc.stringMatching(/^\d{1,10}$/)
  fc.assert(
    fc.property(fc.array(phone, { minLength: 1, maxLength: 5 }), fragment, (phones, q) => {
      const here = phones.map((one, i) => person(i + 1, { phones: [one], name: '某' }))
      const elsewhere = here.map((one) => ({
        ...one,
        phones: one.phones.map((number) => `+86199${number.slice(6, 10).replaceAll('0', '7')}${number.slice(-4)}`),
      }))
      expect(find(indexOf(here), q, exactOnly)).toEqual(find(indexOf(elsewhere), q, exactOnly))
    }),
  )
})
