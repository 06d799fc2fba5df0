import { day, momentOn } from './calendar.ts'
import { firmThemes, themes } from './goods.ts'
import { addressed, firmWord, makeName, type Name } from './names.ts'
import { makeHome, makeOffice } from './places.ts'
import type { Random } from './random.ts'
import { emailOf, phoneSource, wechatOf } from './reach.ts'
import { tellStory, type Entry } from './story.ts'
import { factsOf, notesOf } from './traits.ts'
import type { Member } from './makeStaff.ts'

const channels = ['call', 'sms', 'wechat', 'email'] as const
type Consent = {
  readonly channel: (typeof channels)[number]
  readonly state: 'given' | 'withdrawn'
  readonly how: 'spoken' | 'written' | 'wechat'
  readonly at: number
  readonly note: string | null
}
type Person = {
  readonly name: string
  readonly role: string | null
  readonly phones: string[]
  readonly emails: string[]
  readonly wechatIds: string[]
}

/** A customer with all that hangs below. Stores, staff and referrers are places in their lists, since nothing is stored yet. */
export type Draft = {
  readonly store: number
  /** A place in the staff; null: in the pool. */
  readonly owner: number | null
  /** Who talked with them: the owner, or whoever was there before they went to the pool. */
  readonly by: number
  readonly referrer: number | null
  readonly start: number
  readonly isTrashed: boolean
  readonly fields: Readonly<Record<string, unknown>> & { readonly name: string }
  readonly contacts: readonly Person[]
  readonly consents: readonly Consent[]
  readonly timeline: readonly Entry[]
}

const months = 18
const shares = [0.42, 0.3, 0.28] as const
// How households come to a dealer: the more often the more it stands here.
// oxfmt-ignore
const sources = [
  'walkIn', 'walkIn', 'walkIn', 'referral', 'referral', 'referral', 'partner', 'partner', 'phone', 'wechat',
  'xiaohongshu', 'xiaohongshu', 'douyin', 'douyin', 'web', 'exhibition',
] as const
const firmSources = ['referral', 'referral', 'partner', 'partner', 'phone', 'web', 'exhibition'] as const
type Source = (typeof sources)[number]

const ways: Readonly<Record<Source, { from: readonly string[]; entrance: 'shop' | 'phone' | 'chat' }>> = {
  walkIn: { from: ['自然到店', '逛商场路过', '在附近上班，午休进来'], entrance: 'shop' },
  referral: { from: ['老客户介绍'], entrance: 'shop' },
  partner: { from: ['设计师介绍', '装修公司推荐', '木作师傅带来的'], entrance: 'phone' },
  phone: { from: ['看到门头打来电话', '地图上搜到的，来电'], entrance: 'phone' },
  wechat: { from: ['看到朋友圈', '朋友推来的名片'], entrance: 'chat' },
  xiaohongshu: { from: ['小红书看到案例', '小红书私信来的'], entrance: 'chat' },
  douyin: { from: ['刷到店里的抖音', '抖音直播间留的电话'], entrance: 'chat' },
  web: { from: ['官网留言', '官网预约试听'], entrance: 'phone' },
  exhibition: { from: ['音响展上留的名片', '展会上听过我们那间房'], entrance: 'phone' },
}

/** A purchase of somebody who may recommend the shop later. */
type Buyer = { readonly index: number; readonly store: number; readonly at: number; readonly name: Name }

const kin = (random: Random, { surname, isWoman }: Name): { name: Name; role: string } => {
  const lot = random.next()
  if (lot < 0.55) return { name: makeName(random, !isWoman), role: isWoman ? '先生' : '太太' }
  if (lot < 0.75) return { name: makeName(random, random.chance(0.5), surname), role: '父母' }
  if (lot < 0.87) return { name: makeName(random, true), role: '家政阿姨' }
  return { name: makeName(random), role: '设计师' }
}
const firmRoles = ['行政负责人', '采购', '工程部', '总经理', '信息部', '财务'] as const

const consentsOf = (random: Random, timeline: readonly Entry[], hasEmail: boolean, now: number): Consent[] => {
  const asked = timeline.find(({ kind }) => kind === 'demo' || kind === 'purchase')
  if (!asked || random.chance(0.3)) return []
  const at = asked.at + 15 * 60_000
  return channels.flatMap((channel): Consent[] => {
    const odds = { wechat: 0.8, call: 0.5, sms: 0.25, email: hasEmail ? 0.4 : 0 }[channel]
    if (!random.chance(odds)) return []
    const given: Consent = {
      channel,
      state: 'given',
      how: channel === 'wechat' ? 'wechat' : random.pick(['spoken', 'written']),
      at,
      note: null,
    }
    const later = momentOn(random, at + random.between(20, 240) * day, 'chat')
    if (later >= now || !random.chance(0.1)) return [given]
    return [
      given,
      { ...given, state: 'withdrawn', how: 'spoken', at: later, note: random.pick(['说最近消息太多', '不想再收活动通知', null]) },
    ]
  })
}

/**
 * Returns the customers of 18 months until `now` with their contacts, consents and timelines, in the order they came in. The same seed makes the
 * same base. Whoever was recommended was so by somebody who had bought before in the same shop.
 */
export const makeCustomers = (random: Random, staff: readonly Member[], count: number, now: number): Draft[] => {
  const nextPhone = phoneSource(random)
  const buyers: Buyer[] = []
  const sellersOf = shares.map((_, store) =>
    staff.flatMap(({ role, store: place }, i) => (role === 'salesConsultant' && place === store ? [i] : [])),
  )
  const starts = Array.from({ length: count }, () => now - 2 * day - Math.floor(random.next() * (months * 30.4 - 4) * day)).toSorted(
    (a, b) => a - b,
  )

  const make = (start: number, index: number): Draft => {
    const lot = random.next()
    const store = lot < shares[0] ? 0 : lot < shares[0] + shares[1] ? 1 : 2
    const isFirm = random.chance(0.09)
    const firmTheme = random.pick(firmThemes)
    const theme = isFirm ? firmTheme : random.pick(themes)
    const person = makeName(random)
    const firm = isFirm ? firmWord(random) : undefined
    // Somebody from a chat often is but 周女士.
    const name = firm === undefined ? (random.chance(0.07) ? addressed(person) : person.full) : `${firm}${random.pick(firmTheme.firms)}`
    const friends = buyers.filter((buyer) => buyer.store === store && buyer.at < start)
    const drawn = random.pick(isFirm ? firmSources : sources)
    const source = drawn === 'referral' && friends.length === 0 ? 'phone' : drawn
    const friend = source === 'referral' ? random.pick(friends) : null
    const home = makeHome(random, store)
    const family = isFirm || random.chance(0.6) ? null : kin(random, person)
    const { entries, boughtAt, isLost } = tellStory(random, {
      theme,
      isFirm,
      who:
        family && (family.role === '太太' || family.role === '先生' || family.role === '父母')
          ? family.role
          : random.pick(['家里人', person.isWoman ? '先生' : '太太', '孩子']),
      estate: home.estate,
      from: friend ? `老客户${addressed(friend.name)}介绍` : random.pick(ways[source].from),
      entrance: friend ? random.pick(['shop', 'phone', 'chat']) : ways[source].entrance,
      start,
      now,
    })
    if (boughtAt !== null && !isFirm) buyers.push({ index, store, at: boughtAt, name: person })
    const seller = random.pick(sellersOf[store]!)
    const isPooled = boughtAt === null && random.chance(isLost ? 0.35 : 0.14)
    const hasEmail = isFirm || random.chance(0.22)
    const second = boughtAt !== null && random.chance(0.12)
    const isKnown = boughtAt !== null || random.chance(0.55)
    const contacts = (
      isFirm
        ? firmRoles.slice(0, random.between(1, 3)).map((role) => ({ name: makeName(random), role: role as string }))
        : family
          ? [family]
          : []
    ).map(({ name: one, role }): Person => ({
      name: one.full,
      role,
      phones: [nextPhone()],
      emails: isFirm ? [emailOf(random, one, firm)] : [],
      wechatIds: random.chance(0.4) ? [wechatOf(random, one)] : [],
    }))
    const tags = [
      theme.tag,
      ...(friend ? ['转介绍'] : []),
      ...(boughtAt === null ? [] : ['已成交']),
      ...(random.chance(0.06) ? ['VIP'] : []),
    ]
    return {
      store,
      owner: isPooled ? null : seller,
      by: seller,
      referrer: friend?.index ?? null,
      start,
      isTrashed: boughtAt === null && !friend && random.chance(0.03),
      fields: {
        name,
        kind: isFirm ? 'organisation' : 'household',
        phones: [nextPhone(), ...(random.chance(0.12) ? [nextPhone()] : [])],
        emails: hasEmail ? [emailOf(random, person, firm)] : [],
        wechatIds: isFirm ? [] : random.chance(0.62) ? [wechatOf(random, person)] : [],
        addresses: isKnown ? [isFirm ? makeOffice(random, store) : home.address, ...(second ? [makeHome(random, store).address] : [])] : [],
        tags: [...new Set(tags)],
        facts: random.chance(boughtAt === null ? 0.12 : 0.4) ? factsOf(random, isFirm) : null,
        notes: random.chance(0.25) ? notesOf(random, isFirm) : null,
        source,
        basis: boughtAt === null ? (random.chance(0.6) ? 'consent' : null) : 'contract',
      },
      contacts,
      consents: consentsOf(random, entries, hasEmail, now),
      timeline: entries,
    }
  }
  return starts.map(make)
}
