import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contact } from '../../../domain/crm/contact.ts'
import { customer } from '../../../domain/crm/customer.ts'
import type { Predicate } from '../../../domain/policy/predicate.ts'
import { satisfies } from '../../../domain/policy/predicate.ts'
import { createIndex, type IndexedRecord, type SearchIndex } from './createIndex.ts'
import { foldText } from '../../../domain/text/foldText.ts'
import type { SearchScope } from './query.ts'
import { restoreSnapshot, takeSnapshot } from './snapshot.ts'

type Person = { id: string; name: string; phones: string[]; emails: string[]; wechatIds: string[] }
type Household = IndexedRecord & { name: string; ownerId: string | null }

const all: Predicate = { kind: 'all' }
const none: Predicate = { kind: 'none' }
const uuid = (n: number, kind = 8): string => `00000000-0000-7000-${kind}000-${n.toString(16).padStart(12, '0')}`
const person = (n: number, given: Partial<Person> = {}): Person => ({
  id: uuid(n, 9),
  name: `人${n}`,
  phones: [],
  emails: [],
  wechatIds: [],
  ...given,
})
const household = (n: number, below: Person[], given: Partial<Household> = {}): Household => ({
  id: uuid(n),
  subject: n,
  createdAt: new Date(n * 1000).toISOString(),
  trashedAt: null,
  name: `家${n}`,
  kind: 'household',
  phones: [],
  emails: [],
  wechatIds: [],
  addresses: [],
  tags: [],
  storeId: 's1',
  ownerId: 'a',
  below,
  ...given,
})
const right = (filter: Predicate, exact: Predicate) => ({ filter, exact, sort: false })
const scopeOf = (names: Predicate, filter: Predicate, exact: Predicate): SearchScope => ({
  rows: all,
  ids: [],
  fields: {
    ...Object.fromEntries(['name', 'phones', 'emails', 'wechatIds', 'addresses', 'tags'].map((name) => [name, right(all, all)])),
    'contact.name': right(names, names),
    'contact.phones': right(filter, exact),
    'contact.emails': right(filter, exact),
    'contact.wechatIds': right(filter, exact),
  },
})
const open = scopeOf(all, all, all)
const indexOf = (households: readonly Household[], perSegment = 4): SearchIndex => {
  const index = createIndex(customer, { perSegment, below: contact })
  households.forEach((one) => index.load(one))
  index.finishLoad()
  return index
}
const find = (index: SearchIndex, q: string, scope = open) => index.page(scope, { q, sort: 'createdAt', offset: 0, limit: 50 })
const numbers = (ids: readonly string[]): number[] => ids.map((id) => Number.parseInt(id.slice(-12), 16))

test('whoever is a contact finds the customer, and the page says who it was', () => {
  const index = indexOf([
    household(1, [person(1, { name: '沈知远', phones: ['+8613800138000'] }), person(2, { name: '李Tom', emails: ['tom@example.cn'] })]),
    household(2, [person(3, { name: '王伟', phones: ['+8613911112222', '+8613933334444'], wechatIds: ['wxid_weiwei'] })], { name: '沈家' }),
    household(3, []),
  ])
  for (const [q, ids, via] of [
    ['沈知远', [1], [uuid(1, 9)]],
    ['szy', [1], [uuid(1, 9)]],
    ['tom', [1], [uuid(2, 9)]],
    ['litom', [1], [uuid(2, 9)]],
    ['tom@example.cn', [1], [uuid(2, 9)]],
    ['4444', [2], [uuid(3, 9)]],
    ['13933334444', [2], [uuid(3, 9)]],
    ['wxid_weiwei', [2], [uuid(3, 9)]],
    // One word of the household, one of who lives there.
    ['家1 知远', [1], [uuid(1, 9)]],
  ] as const)
    expect([q, numbers(find(index, q).ids), find(index, q).via], q).toEqual([q, ids, via])
  expect(find(index, '沈')).toEqual({ ids: [uuid(1), uuid(2)], total: 2, via: [uuid(1, 9), null] })
  // Found by itself: nobody made a difference.
  expect(find(index, '家2').via).toBeUndefined()
  // Two persons' values are not one text.
  for (const q of ['知远李', '沈知远 王伟', '远litom']) expect(find(index, q).ids, q).toEqual([])
})

test('a contact is found only by what is open of contacts to the actor', () => {
  const index = indexOf([household(1, [person(1, { name: '沈知远', phones: ['+8613800138000'], emails: ['shen@example.cn'] })])])
  expect(find(index, '知远', scopeOf(none, all, all)).ids).toEqual([])
  const exactOnly = scopeOf(all, none, all)
  for (const q of ['1380', '00138', 'shen@']) expect(find(index, q, exactOnly).ids, q).toEqual([])
  for (const q of ['8000', '13800138000', 'shen@example.cn']) expect(numbers(find(index, q, exactOnly).ids), q).toEqual([1])
  const { fields } = open
  const blind = { ...open, fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith('contact.'))) }
  expect(find(index, '知远', blind).ids).toEqual([])
})

test('where a contact hangs is known, through changes, moves and a snapshot', async () => {
  const index = indexOf(Array.from({ length: 30 }, (_, i) => household(i + 1, [person(i + 1), person(i + 101)])))
  expect(index.holdersOf(uuid(107, 9))).toEqual([uuid(7)])
  index.apply([household(7, [person(7)]), household(9, [person(9), person(109), person(107)])], [])
  expect(index.holdersOf(uuid(107, 9))).toEqual([uuid(9)])
  index.apply([], [uuid(9)])
  expect(index.holdersOf(uuid(107, 9))).toEqual([])
  while (index.compact());
  const { meta, parts, release } = takeSnapshot(index.state)
  const bytes = Buffer.concat(parts)
  release()
  let at = 0
  const again = createIndex(customer, { perSegment: 4, below: contact })
  await restoreSnapshot(again.state, JSON.parse(JSON.stringify(meta)) as typeof meta, async (count) => {
    const out = Buffer.allocUnsafeSlow(count)
    bytes.copy(out, 0, at, at + count)
    at += count
    return out
  })
  expect(again.holdersOf(uuid(111, 9))).toEqual([uuid(11)])
  expect(find(again, '人111')).toEqual(find(index, '人111'))
  expect(find(again, '人111').via).toEqual([uuid(111, 9)])
})

const letters = fc.constantFrom('沈', '知', '远', 'a', 'B', '1', ' ')
const textOf = (max: number) => fc.array(letters, { minLength: 1, maxLength: max }).map((parts) => parts.join(''))
const phone = fc.integer({ min: 0, max: 99 }).map((n) => `+861380000${String(n * 101).padStart(4, '0')}`)
const anyPerson = (n: number) =>
  fc
    .record({
      name: textOf(3),
      phones: fc.array(phone, { maxLength: 2 }),
      emails: fc.array(
        textOf(2).map((text) => `${text}@x`),
        { maxLength: 1 },
      ),
      wechatIds: fc.array(textOf(7), { maxLength: 2 }),
    })
    .map((given) => person(n, given))
const anyHousehold = (n: number) =>
  fc
    .record({
      name: textOf(2),
      ownerId: fc.constantFrom('a', 'b', null),
      below: fc.integer({ min: 0, max: 3 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyPerson(n * 10 + i)))),
    })
    .map(({ name, ownerId, below }) => household(n, below, { name, ownerId }))
const households = fc
  .integer({ min: 0, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyHousehold(i + 1))))
const rule: fc.Arbitrary<Predicate> = fc.oneof(
  fc.constant(all),
  fc.constant(none),
  fc.record({ kind: fc.constant('in' as const), column: fc.constant('ownerId' as const), values: fc.subarray(['a', 'b']) }),
)
const scopes = fc.tuple(rule, rule, rule).map(([names, filter, exact]) => scopeOf(names, filter, exact))

const personsOf = (home: Household): readonly Person[] => home.below as unknown as readonly Person[]

/** Whether one value holds a word, as the rules say it in plain words; words here are Han or digits, so that no sound plays a part. */
const personMatches = (scope: SearchScope, home: Household, one: Person, word: string): boolean => {
  const may = (field: string, how: 'filter' | 'exact'): boolean => satisfies(scope.fields[`contact.${field}`]![how], home)
  const text = foldText(word)
  if (may('name', 'filter') && foldText(one.name).includes(text)) return true
  for (const field of ['emails', 'wechatIds'] as const)
    for (const value of one[field].map(foldText)) {
      if (may(field, 'filter') && value.includes(text)) return true
      if (may(field, 'exact') && value === text && (field === 'emails' ? text.includes('@') : text.length >= 6)) return true
    }
  if (!/^\d+$/.test(word)) return false
  return one.phones.some(
    (number) =>
      (may('phones', 'filter') && number.slice(1).includes(word)) ||
      (may('phones', 'exact') && ((word.length === 4 && number.endsWith(word)) || number === `+86${word}`)),
  )
}

test('who is found, and through whom, agrees with the plain reading of the rules', () => {
  const word = fc.oneof(
    fc.constantFrom('沈', '知', '远', '沈知', '知远', '1', '0101', '13800000101', '380', '沈@x', '知知知知知知'),
    textOf(2).filter((text) => !/[a-z]/i.test(text) && text.trim() !== ''),
  )
  fc.assert(
    fc.property(
      households,
      scopes,
      fc.array(word, { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 2, max: 6 }),
      (homes, scope, asked, size) => {
        const words = asked.flatMap((one) => one.split(' ')).filter((one) => one !== '')
        const own = (home: Household, one: string): boolean => foldText(home.name).includes(foldText(one))
        const holds = (home: Household, one: string): boolean =>
          own(home, one) || personsOf(home).some((each) => personMatches(scope, home, each, one))
        const expected = homes.filter((home) => words.every((one) => holds(home, one)))
        const page = find(indexOf(homes, size), asked.join(' '), scope)
        expect(page.ids).toEqual(expected.map(({ id }) => id))
        expected.forEach((home, i) => {
          const via = page.via?.[i] ?? null
          const foreign = words.filter((one) => !own(home, one))
          expect(via === null).toBe(foreign.length === 0)
          const who = personsOf(home).find(({ id }) => id === via)
          if (via !== null) expect(foreign.some((one) => personMatches(scope, home, who!, one))).toBe(true)
        })
      },
    ),
    { numRuns: 500 },
  )
})
