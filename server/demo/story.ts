import { day, momentOn, type Season, seasonOf, type Setting, weekdayName } from './calendar.ts'
import type { Item, Style, Theme } from './goods.ts'
import type { Random } from './random.ts'
import { asides, firmTalk, talk } from './talk.ts'

/** One entry of a timeline. */
export type Entry = { readonly kind: Kind; readonly at: number; readonly text: string }
export type Kind = 'call' | 'visit' | 'wechat' | 'email' | 'demo' | 'purchase' | 'note'

/** What a story is told of. `from` says how they came ('老客户沈女士介绍'); `entrance` is where they were met first. */
export type Cast = {
  readonly theme: Theme
  readonly isFirm: boolean
  readonly who: string
  readonly estate: string
  readonly from: string
  readonly entrance: 'shop' | 'phone' | 'chat'
  readonly start: number
  readonly now: number
}

/** The timeline, oldest first; when they bought, if they did; whether they said no. */
export type Story = { readonly entries: readonly Entry[]; readonly boughtAt: number | null; readonly isLost: boolean }

type Step = {
  kind: Kind
  lines: readonly string[]
  setting: Setting
  gap: readonly [least: number, most: number]
  outcome?: 'bought' | 'lost'
}

const yuan = (amount: number): string => `¥${amount.toLocaleString('en-US')}`
const totalOf = (items: readonly Item[]): number => items.reduce((sum, [, , price]) => sum + price, 0)

const talkedBy = (random: Random): { kind: Kind; setting: Setting } =>
  random.chance(0.5) ? { kind: 'wechat', setting: 'chat' } : { kind: 'call', setting: 'phone' }

const entrances = {
  shop: { kind: 'demo', setting: 'shop', lines: talk.firstShop },
  phone: { kind: 'call', setting: 'phone', lines: talk.firstCall },
  chat: { kind: 'wechat', setting: 'chat', lines: talk.firstChat },
} as const

const beginning = (random: Random, { isFirm, entrance, theme: { style } }: Cast): Step[] => {
  const { kind, setting, lines } = entrances[entrance]
  const first: Step = isFirm ? { ...talkedBy(random), lines: firmTalk.first, gap: [0, 0] } : { kind, setting, lines, gap: [0, 0] }
  const chase = (): Step => ({ ...talkedBy(random), lines: isFirm ? firmTalk.chase : talk.chase, gap: [3, 16] })
  const demo: Step = { kind: 'demo', setting: 'shop', lines: isFirm ? firmTalk.demo : talk.demo[style], gap: [2, 12] }
  const survey: Step = { kind: 'visit', setting: 'home', lines: isFirm ? firmTalk.survey : talk.survey, gap: [3, 14] }
  const plan: Step = isFirm
    ? { kind: 'email', setting: 'desk', lines: firmTalk.plan, gap: [3, 10] }
    : { kind: 'wechat', setting: 'chat', lines: talk.plan, gap: [2, 8] }
  const needsSurvey =
    isFirm || style === 'home' || (style === 'screen' && random.chance(0.7)) || (style === 'speakers' && random.chance(0.4))
  return [
    first,
    ...(random.chance(0.6) ? [chase()] : []),
    demo,
    ...(needsSurvey ? [survey] : []),
    plan,
    ...(random.chance(0.5) ? [chase()] : []),
    ...(random.chance(0.25) ? [{ ...demo, gap: [4, 14] as const }] : []),
  ]
}

const buying = (random: Random, { isFirm, theme: { style } }: Cast): Step[] => {
  const after = (gap: Step['gap']): Step => ({ ...talkedBy(random), lines: isFirm ? firmTalk.after : talk.after[style], gap })
  const { laterAsk, laterDeal } = isFirm ? firmTalk : talk
  const byVisit = !isFirm && style === 'ears' ? ({ kind: 'note', setting: 'shop' } as const) : ({ kind: 'visit', setting: 'home' } as const)
  return [
    { kind: 'purchase', setting: 'shop', lines: isFirm ? firmTalk.deal : talk.deal, gap: [2, 12], outcome: 'bought' },
    { ...byVisit, lines: isFirm ? firmTalk.fit : talk.fit[style], gap: [6, 30] },
    isFirm ? { ...talkedBy(random), lines: firmTalk.accept, gap: [10, 20] } : after([10, 20]),
    ...(random.chance(0.6) ? [after([40, 100])] : []),
    ...(!isFirm && random.chance(0.3) ? [{ ...talkedBy(random), lines: talk.trouble[style], gap: [20, 120] } satisfies Step] : []),
    ...(random.chance(0.45)
      ? [
          { ...talkedBy(random), lines: laterAsk, gap: [50, 160] } satisfies Step,
          { kind: 'purchase', setting: 'shop', lines: laterDeal, gap: [4, 25] } satisfies Step,
        ]
      : []),
    ...(random.chance(0.5) ? [after([60, 150])] : []),
  ]
}

const ending = (random: Random, cast: Cast): Step[] => {
  const { isFirm } = cast
  const fate = random.next()
  const steps = beginning(random, cast)
  if (fate < 0.5) return [...steps, ...buying(random, cast)]
  const lost: Step = { ...talkedBy(random), lines: isFirm ? firmTalk.lost : talk.lost, gap: [5, 40], outcome: 'lost' }
  if (fate < 0.7) return [...steps.slice(0, random.between(3, steps.length)), lost]
  // Many are only asked after, and never heard of again.
  return steps.slice(0, random.between(1, steps.length))
}

/** Returns the story of one customer: who was met how, what was listened to, bought, installed, asked for later. Nothing of it is in the future. */
export const tellStory = (random: Random, cast: Cast): Story => {
  const { theme, now } = cast
  const set = random.pick(theme.sets)
  const [later, why] = random.pick(theme.laters)
  const total = totalOf(set)
  const fixed: Record<string, string> = {
    tag: theme.tag,
    main: set[0]![1],
    items: set.map(([name]) => name).join('、'),
    rival: random.pick(theme.rivals),
    room: random.pick(theme.rooms),
    who: cast.who,
    estate: cast.estate,
    from: cast.from,
    total: yuan(total),
    deposit: yuan(Math.max(1_000, Math.round((total * 0.3) / 1_000) * 1_000)),
    later: later[1],
    why,
    price: yuan(later[2]),
  }
  const told = new Set<string>()
  const entries: Entry[] = []
  let boughtAt: number | null = null
  let isLost = false
  let at = cast.start
  for (const { kind, lines, setting, gap, outcome } of ending(random, cast)) {
    const fitting = lines.filter((line) => fits(line, theme.style) && !told.has(line))
    if (fitting.length === 0) continue
    const line = random.pick(fitting)
    told.add(line)
    const way = wayOf(line, kind, setting)
    at = momentOn(random, Math.max(at + random.between(gap[0], gap[1]) * day, (entries.at(-1)?.at ?? 0) + day / 4), way.setting)
    if (at >= now) break
    const slots = {
      ...fixed,
      day: weekdayName(at),
      next: weekdayName(at + random.between(2, 6) * day),
      minutes: String(random.between(4, 19) * 5),
    }
    const text =
      fillIn(line, slots) + seasonal(random, lines, seasonOf(at)) + (random.chance(0.4) ? fillIn(random.pick(asides[way.kind]), slots) : '')
    entries.push({ kind: way.kind, at, text })
    if (outcome === 'bought') boughtAt = at
    if (outcome === 'lost') isLost = true
  }
  return { entries, boughtAt, isLost }
}

// What belongs to a time of the year is said while one waits or plans, not while something is installed.
const seasonal = (random: Random, lines: readonly string[], season: Season): string =>
  (lines === talk.chase || lines === talk.plan || lines === talk.firstCall) && random.chance(0.5) ? random.pick(talk.season[season]) : ''

// A line that is for some styles only says so in front: [screen,home].
const fits = (line: string, style: Style): boolean => !line.startsWith('[') || line.slice(1, line.indexOf(']')).split(',').includes(style)

/** What was called or written about is what the line says, where it says so. */
const wayOf = (line: string, kind: Kind, setting: Setting): { kind: Kind; setting: Setting } => {
  if (kind !== 'call' && kind !== 'wechat') return { kind, setting }
  if (/^上门|上门一看|去了一看|巡检/.test(line)) return { kind: 'visit', setting: 'home' }
  if (/来电|电话|没接|回电/.test(line)) return { kind: 'call', setting: 'phone' }
  return /发来|发了|照片/.test(line) ? { kind: 'wechat', setting: 'chat' } : { kind, setting }
}

const fillIn = (line: string, slots: Readonly<Record<string, string>>): string =>
  line
    .replace(/^\[[^\]]*\]/, '')
    .replace(/\{(\w+)\}/g, (_, slot: string) => {
      const text = slots[slot]
      if (text === undefined) throw new Error(`no slot ${slot}`)
      return text
    })
    // A blank parts Han from letters, not Han from Han.
    .replace(/(?<=[\p{Script=Han}，。：；（）]) | (?=[，。：；（）])/gu, (blank, at: number, whole: string) =>
      /[A-Za-z0-9¥]/.test(whole[at + 1] ?? '') ? blank : '',
    )
