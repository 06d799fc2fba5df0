import { expect, test } from 'vitest'
import { checkInput } from '../../domain/catalogue/check.ts'
import { normaliseInput } from '../../domain/catalogue/normaliseInput.ts'
import { customer } from '../../domain/crm/customer.ts'
import { contact } from '../../domain/crm/contact.ts'
import { parseAddress } from '../../domain/text/address.ts'
import { normalisePhone } from '../../domain/text/phone.ts'
import { day } from './calendar.ts'
import { firmThemes, themes } from './goods.ts'
import { makeCustomers } from './makeCustomers.ts'
import { makeStaff, shops } from './makeStaff.ts'
import { seedRandom } from './random.ts'

const now = Date.parse('2026-11-25T04:00:00Z')
const dealer = (seed: number, count = 2_000) => {
  const random = seedRandom(seed)
  const staff = makeStaff(random)
  return { staff, drafts: makeCustomers(random, staff, count, now) }
}
const { staff, drafts } = dealer(7)
const entries = drafts.flatMap((draft) => draft.timeline)
const sets = [...themes, ...firmThemes].flatMap((theme) => theme.sets)
const anyId = '00000000-0000-7000-8000-000000000000'

test('a dealer is the same for the same seed, and another for another', () => {
  expect(dealer(7, 200)).toEqual(dealer(7, 200))
  expect(dealer(8, 200)).not.toEqual(dealer(7, 200))
})

test('there are 25 staff of every role, each shop with a manager and consultants of its own', () => {
  expect(staff).toHaveLength(25)
  expect(new Set(staff.map(({ login }) => login)).size).toBe(25)
  for (const role of ['owner', 'auditor', 'customerService', 'marketing', 'finance'])
    expect(staff.filter((one) => one.role === role)).toHaveLength(1)
  shops.forEach((_, i) => {
    expect(staff.filter(({ role, store }) => role === 'storeManager' && store === i)).toHaveLength(1)
    expect(staff.filter(({ role, store }) => role === 'salesConsultant' && store === i).length).toBeGreaterThan(3)
    expect(staff.filter(({ role, store }) => role === 'installer' && store === i).length).toBeGreaterThan(0)
  })
})

test('every value is in stored form and passes the checks', () => {
  for (const { fields, contacts } of drafts) {
    const input = { ...fields, storeId: anyId, ownerId: null }
    expect(normaliseInput(customer, input)).toEqual(input)
    expect(checkInput(customer, input, 'create').problems).toBeUndefined()
    for (const person of contacts) {
      const one = { ...person, customerId: anyId }
      expect(normaliseInput(contact, one)).toEqual(one)
      expect(checkInput(contact, one, 'create').problems).toBeUndefined()
    }
  }
})

test('nothing reaches a living person: data-card numbers, reserved domains, ids that WeChat does not allow', () => {
  const people = drafts.flatMap(({ fields, contacts }) => [fields as (typeof contacts)[number] & typeof fields, ...contacts])
  const phones = people.flatMap((one) => one.phones)
  expect(new Set(phones).size).toBe(phones.length)
  for (const phone of phones) {
    expect(phone).toMatch(/^\+86145\d{8}$/)
    expect(normalisePhone(phone)).toEqual({ e164: phone })
  }
  for (const email of people.flatMap((one) => one.emails)) expect(email).toMatch(/^[a-z.\d]+@(?:[a-z]+\.)?example\.(?:com|net)$/)
  for (const id of people.flatMap((one) => one.wechatIds)) expect(id).toMatch(/^[a-z\d]+\.[a-z\d]+$/)
})

test('homes are in districts of the list, near the shop', () => {
  const provinces = [['上海市', '江苏省', '浙江省'], ['浙江省'], ['四川省']]
  for (const { fields, store } of drafts) {
    for (const address of fields['addresses'] as string[]) {
      const { province, district } = parseAddress(address)
      expect(provinces[store]).toContain(province)
      expect(district).not.toBeNull()
    }
  }
})

test('stories are told in order, within 18 months, in working hours, and by a consultant of the shop', () => {
  for (const { timeline, by, owner, store, start } of drafts) {
    expect(staff[by]).toMatchObject({ role: 'salesConsultant', store })
    expect(owner === null || owner === by).toBe(true)
    const times = timeline.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(start).toBeGreaterThan(now - 550 * day)
    for (const at of times) {
      expect(at).toBeLessThan(now)
      const hour = new Date(at + 8 * 3_600_000).getUTCHours()
      expect(hour >= 9 && hour < 22).toBe(true)
    }
  }
  // New Year's Eve of 2026 and the four days after it.
  const closed = Date.parse('2026-02-15T16:00:00Z')
  expect(entries.filter(({ at }) => at >= closed && at < closed + 5 * day)).toEqual([])
  const weekendDay = (at: number): boolean => [0, 6].includes(new Date(at + 8 * 3_600_000).getUTCDay())
  expect(entries.filter(({ kind, at }) => kind === 'email' && weekendDay(at))).toEqual([])
  const shown = entries.filter(({ kind }) => kind === 'demo')
  expect(shown.filter(({ at }) => weekendDay(at)).length).toBeGreaterThan(shown.length / 2)
})

test('whoever bought had been shown it before, and what follows is about what was bought', () => {
  const buyers = drafts.filter(({ timeline }) => timeline.some(({ kind }) => kind === 'purchase'))
  expect(buyers.length).toBeGreaterThan(600)
  for (const { timeline, fields } of buyers) {
    const bought = timeline.findIndex(({ kind }) => kind === 'purchase')
    expect(timeline.slice(0, bought).some(({ kind }) => kind === 'demo')).toBe(true)
    expect(fields['basis']).toBe('contract')
    expect(fields['tags']).toContain('已成交')
    const set = sets.find((items) => items.every(([name]) => timeline[bought]!.text.includes(name)))
    expect(set).toBeDefined()
    const fitted = timeline[bought + 1]
    if (fitted) expect(set!.some(([name, said]) => fitted.text.includes(name) || fitted.text.includes(said))).toBe(true)
  }
})

test('whoever was recommended was so by somebody who had bought before, in the same shop', () => {
  const recommended = drafts.filter(({ referrer }) => referrer !== null)
  expect(recommended.length).toBeGreaterThan(200)
  for (const { referrer, store, start, timeline, fields } of recommended) {
    const friend = drafts[referrer!]!
    expect(fields['source']).toBe('referral')
    expect(friend.store).toBe(store)
    const bought = friend.timeline.find(({ kind }) => kind === 'purchase')!
    expect(bought.at).toBeLessThan(start)
    if (timeline[0]) expect(timeline[0].text).toContain(`老客户${friend.fields.name.slice(0, 1)}`)
  }
})

test('marketing is agreed to after one has met, and can be withdrawn later', () => {
  const said = drafts.flatMap(({ consents, timeline }) => consents.map((one) => ({ ...one, met: timeline[0]!.at })))
  expect(said.some(({ state }) => state === 'withdrawn')).toBe(true)
  for (const { at, met } of said) expect(at > met && at < now).toBe(true)
})

test('it reads like a dealer: no placeholders, no names of examples, few alike', () => {
  for (const { text } of entries) expect(text).not.toMatch(/[{}[\]]|undefined|null|NaN|，，|。。/)
  const names = drafts.map(({ fields }) => fields.name)
  expect(names.filter((name) => /张三|李四|王五|赵六|测试|^小明/.test(name))).toEqual([])
  expect(new Set(names).size).toBeGreaterThan(names.length * 0.95)
  expect(new Set(entries.map(({ text }) => text)).size).toBeGreaterThan(entries.length / 2)
  expect(drafts.filter(({ owner }) => owner === null).length).toBeGreaterThan(100)
  expect(drafts.filter(({ isTrashed }) => isTrashed).length).toBeGreaterThan(10)
})
