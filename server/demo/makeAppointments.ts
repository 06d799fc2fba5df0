import type { appointment } from '../../domain/crm/appointment.ts'
import type { Input } from '../../domain/catalogue/entity.ts'
import { instantIn, localTimeIn, shopZone } from '../../domain/text/zonedTime.ts'
import type { Draft } from './makeCustomers.ts'
import { type Member, shops } from './makeStaff.ts'
import type { Random } from './random.ts'

type Fields = Input<typeof appointment>
type Kind = Fields['kind']

/** An appointment before anything is stored: customer, bookers and those who go are places in their lists. */
export type Meeting = {
  readonly customer: number
  readonly by: number
  readonly goes: readonly number[]
  readonly kind: Kind
  readonly state: Fields['state']
  readonly startsAt: number
  readonly endsAt: number
  readonly note: string | null
}

const minute = 60_000
const daysAround = 7

// What installers do, and what consultants do themselves; the more often the more it stands here.
const outside: readonly Kind[] = ['installation', 'installation', 'installation', 'delivery', 'service', 'service', 'handover', 'survey']
const inside: readonly Kind[] = ['demo', 'demo', 'survey', 'call', 'call']

const lasts: Readonly<Record<Kind, number>> = {
  survey: 90,
  demo: 120,
  delivery: 60,
  installation: 210,
  handover: 120,
  service: 90,
  call: 30,
  other: 60,
}

const notes: Readonly<Record<Kind, readonly string[]>> = {
  survey: ['量客厅尺寸，看弱电箱位置', '看吊顶预埋和墙体，带激光测距仪', '水电师傅也在，一起定点位'],
  demo: ['想对比两对落地箱，自带唱片', '带太太一起来听，留最里面的试听室', '只有周末有空，准备 4K 片源'],
  delivery: ['有电梯，货车停地下二层', '箱子大，要两个人搬', '到之前半小时打电话'],
  installation: [
    '带 8 米梯子和激光水平仪',
    '投影吊架已在车上，缺一根 HDMI 光纤线',
    '业主 10 点后在家，家里有猫，进门关门',
    '先装机柜，墙里的线已穿好',
  ],
  handover: ['教阿姨用遥控器，写一张纸贴墙上', '做房间校正，带测量麦克风', '签验收单，拍照存档'],
  service: ['低音炮有嗡声，带备用功放', '投影机除尘，换滤网', '播放器连不上网，可能换过路由器'],
  call: ['问装修进度', '回访使用情况', '报价有没有看'],
  other: ['取回借出的试听线'],
}

const stateOf = (random: Random, endsAt: number, now: number): Fields['state'] => {
  if (endsAt > now) return random.chance(0.04) ? 'cancelled' : 'planned'
  return random.chance(0.85) ? 'done' : random.chance(0.5) ? 'missed' : 'cancelled'
}

/** Midnights of the shop's calendar from a week before `now` to a week after. */
const midnights = (now: number): number[] => {
  const local = { ...localTimeIn(shopZone, new Date(now)), hour: 0, minute: 0 }
  return Array.from({ length: 2 * daysAround + 1 }, (_, i) => instantIn(shopZone, { ...local, day: local.day + i - daysAround }).getTime())
}

/**
 * Returns a fortnight of appointments around `now`: each shop's installers with two or three visits a day, now and then with a colleague of another shop, and its
 * consultants with whom they look after.
 */
export const makeAppointments = (random: Random, members: readonly Member[], drafts: readonly Draft[], now: number): Meeting[] => {
  const placesOf = (role: Member['role'], store: number): number[] =>
    members.flatMap((member, place) => (member.role === role && member.store === store ? [place] : []))
  const inRegion = (store: number): number[] =>
    shops.flatMap(({ region }, other) => (region === shops[store]!.region ? placesOf('installer', other) : []))
  const meetings: Meeting[] = []

  const meet = (store: number, goes: readonly number[], kinds: readonly Kind[], midnight: number, from: number): number => {
    const there = drafts.flatMap((draft, place) =>
      draft.store === store && !draft.isTrashed && (kinds === outside || draft.owner === goes[0]) ? [place] : [],
    )
    if (there.length === 0) return from
    const kind = random.pick(kinds)
    const customer = random.pick(there)
    const helper = kind === 'installation' && random.chance(0.5) ? inRegion(store).filter((one) => !goes.includes(one)) : []
    const startsAt = midnight + from * minute
    const endsAt = startsAt + lasts[kind] * minute
    meetings.push({
      customer,
      by: drafts[customer]!.owner ?? placesOf('storeManager', store)[0]!,
      goes: helper.length > 0 ? [...goes, random.pick(helper)] : goes,
      kind,
      state: stateOf(random, endsAt, now),
      startsAt,
      endsAt,
      note: random.chance(0.7) ? random.pick(notes[kind]) : null,
    })
    return from + lasts[kind] + random.between(1, 3) * 30
  }

  for (const midnight of midnights(now))
    for (const store of shops.keys()) {
      for (const installer of placesOf('installer', store)) {
        let from = 9 * 60 + random.between(0, 2) * 30
        for (let n = random.between(2, 3); n > 0 && from < 17 * 60; n -= 1) from = meet(store, [installer], outside, midnight, from)
      }
      for (const consultant of placesOf('salesConsultant', store))
        if (random.chance(0.6)) meet(store, [consultant], inside, midnight, 10 * 60 + random.between(0, 14) * 30)
    }
  return meetings
}
