import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RowOf } from '../server/store/records.ts'
import { seedRandom } from './support/random.ts'
import { openStaffed, type Staffed, type Worker } from './support/staffed.ts'

/**
 * DESIGN 3: at least 95 % of the legitimate acts of a simulated day need no reveal. A dealer's week over the real API, five days of what each role does with
 * customers; an act is what somebody would say they did ('called back', 'took a call', 'did a visit'), and it needs a reveal where the work cannot be done with
 * what the screen shows and the uses give. How often each is done is our own estimate, written here to be argued with.
 */
const seed = Number(process.env['SEED'] ?? 20_261_125)
const random = seedRandom(seed)
const days = 5
const minute = 60_000
const day = 24 * 60 * minute

type Body = Record<string, unknown>
type Customer = RowOf<'customer'>
let it: Staffed
let people: Record<'consultant' | 'colleague' | 'manager' | 'service' | 'installer' | 'helper' | 'finance' | 'marketing' | 'south', Worker>
let mine: Customer[]
let theirs: Customer[]
let elsewhere: Customer[]

const tally = new Map<string, { acts: number; reveals: number }>()
const count = (who: Worker, reveals: number): void => {
  const known = tally.get(who.role) ?? { acts: 0, reveals: 0 }
  tally.set(who.role, { acts: known.acts + 1, reveals: known.reveals + reveals })
}

beforeAll(async () => {
  it = await openStaffed()
  people = {
    consultant: await it.hire('lin.xiao', '林晓', 'salesConsultant', 'north'),
    colleague: await it.hire('tong.an', '童安', 'salesConsultant', 'north'),
    manager: await it.hire('yu.wen', '余闻', 'storeManager', 'north'),
    service: await it.hire('mei.ke', '梅可', 'customerService', 'north'),
    installer: await it.hire('xie.pei', '谢培', 'installer', 'north'),
    helper: await it.hire('shen.shi', '沈石', 'installer', 'south'),
    finance: await it.hire('jin.ling', '金灵', 'finance', 'north'),
    marketing: await it.hire('shi.chang', '史畅', 'marketing', 'north'),
    south: await it.hire('nan.feng', '南枫', 'salesConsultant', 'south'),
  }
  const { north, south } = it.house.stores
  const make = (many: number, head: string, of: { storeId: string; ownerId: string }) =>
    it.house.addCustomers(
      Array.from({ length: many }, (_, i) => ({
        name: `${head}${i}`,
        phones: [`+86138${head.charCodeAt(0) % 90}${String(100_000 + i)}`],
        addresses: [`上海市静安区南京西路${1_000 + i}号`],
        ...of,
      })),
    )
  mine = await make(80, '何', { storeId: north.id, ownerId: people.consultant.id })
  theirs = await make(80, '童', { storeId: north.id, ownerId: people.colleague.id })
  elsewhere = await make(10, '蓝', { storeId: south.id, ownerId: people.south.id })
  const { rows } = await it.house.db.owner.query<{ id: number }>('select max(id)::int as id from audit.entry')
  await it.parts.search.waitFor(rows[0]!.id)
}, 120_000)
afterAll(() => it?.close())

const sent = async (answer: Promise<LightMyRequestResponse>): Promise<Body> => {
  const { statusCode, body } = await answer
  if (statusCode >= 300) throw new Error(`a legitimate act was refused: ${statusCode} ${body} (seed ${seed})`)
  return body === '' ? {} : (JSON.parse(body) as Body)
}
const isOpen = (view: Body, field: string): boolean => !JSON.stringify(view[field] ?? null).includes('"masked"')

/** Opens a card and has the fields that the work takes before one's eyes: returns 1 where that took a reveal. */
const lookAt = async (who: Worker, { id }: Customer, fields: readonly string[], reason = 'call_back'): Promise<number> => {
  const view = await sent(who.ask('GET', `/api/customers/${id}`))
  const masked = fields.filter((field) => !isOpen(view, field))
  if (masked.length === 0) return 0
  await sent(who.ask('POST', `/api/customers/${id}/reveal`, { fields: masked, reason }))
  return 1
}
const use = (who: Worker, { id }: Customer, field: string, how: string) =>
  sent(who.ask('POST', `/api/customers/${id}/use`, { field, index: 0, use: how }))
const note = (who: Worker, { id }: Customer, kind: string) =>
  sent(who.ask('POST', `/api/customers/${id}/interactions`, { kind, text: '谈好了，周五再联系' }))
const book = (who: Worker, { id }: Customer, kind: string, goes: readonly Worker[], from = 30) => {
  const [startsAt, endsAt] = [from, from + 60].map((minutes) => new Date(Date.now() + minutes * minute).toISOString())
  return sent(
    who.ask('POST', `/api/customers/${id}/appointments`, {
      kind,
      startsAt,
      endsAt,
      assigneeIds: goes.map((one) => one.id),
      note: '带梯子',
    }),
  )
}

type Act = () => Promise<void>
const times = (many: number, act: () => Promise<void>): Act[] => Array.from({ length: many }, () => act)

/** A consultant calls and writes to their own customers, looks some up while they stand at the counter, and now and then helps a colleague's. */
const consultantDay = (who: Worker, own: Customer[], others: Customer[]): Act[] => [
  ...times(9, async () => {
    const one = random.pick(own)
    const reveals = await lookAt(who, one, ['phones', 'notes'])
    await use(who, one, 'phones', 'call')
    await note(who, one, 'call')
    count(who, reveals)
  }),
  ...times(6, async () => {
    const one = random.pick(own)
    const reveals = await lookAt(who, one, ['wechatIds'])
    await use(who, one, 'wechatIds', 'copy')
    count(who, reveals)
  }),
  ...times(4, async () => {
    const one = random.pick(own)
    const { total } = await sent(who.ask('GET', `/api/customers?q=${encodeURIComponent(one.name)}`))
    expect(total).toBeGreaterThan(0)
    count(who, await lookAt(who, one, ['phones', 'addresses']))
  }),
  ...times(2, async () => {
    const one = random.pick(own)
    await book(who, one, 'survey', [random.pick([people.installer, people.helper])], random.below(6) * 60)
    count(who, 0)
  }),
  ...times(1, async () => {
    await book(who, random.pick(own), 'demo', [who])
    count(who, 0)
  }),
  // Whoever calls is found by the whole number, whoever's customer they are; the call is passed on or noted.
  ...times(3, async () => {
    const one = random.pick([...own, ...others])
    await sent(who.ask('POST', '/api/callers', { phone: one.phones[0] }))
    await note(who, one, 'call')
    count(who, 0)
  }),
  ...times(1, async () => {
    const phones = [`+86139${String(10_000_000 + random.below(80_000_000))}`]
    const fields = { name: '新客', kind: 'household', phones, storeId: it.house.stores.north.id }
    await sent(who.ask('POST', '/api/customers', fields))
    count(who, 0)
  }),
  // A colleague's customer at the counter: helped by what is in sight, and the colleague told; once in a while their number is needed.
  ...times(2, async () => {
    const one = random.pick(others)
    await sent(who.ask('GET', `/api/customers/${one.id}`))
    await note(who, one, 'demo')
    count(who, 0)
  }),
  ...times(1, async () => count(who, await lookAt(who, random.pick(others), ['phones'], 'visit'))),
]

const serviceDay = (who: Worker, all: Customer[]): Act[] => [
  ...times(16, async () => {
    const one = random.pick(all)
    const { inside } = await sent(who.ask('POST', '/api/callers', { phone: one.phones[0] }))
    expect(JSON.stringify(inside)).toContain(one.id)
    await sent(who.ask('GET', `/api/customers/${one.id}`))
    await note(who, one, 'call')
    count(who, 0)
  }),
  ...times(4, async () => {
    await book(who, random.pick(all), 'service', [people.installer])
    count(who, 0)
  }),
  ...times(3, async () => {
    await sent(who.ask('POST', `/api/customers/${random.pick(all).id}/consents`, { channel: 'sms', state: 'given', how: 'spoken' }))
    count(who, 0)
  }),
  // A follow-up that the manager planned: open, since it is today's.
  ...times(4, async () => {
    const one = random.pick(all)
    await book(people.manager, one, 'call', [who])
    const reveals = await lookAt(who, one, ['phones', 'addresses'])
    await use(who, one, 'phones', 'call')
    count(who, reveals)
  }),
  ...times(1, async () => count(who, await lookAt(who, random.pick(all), ['addresses'], 'complaint'))),
]

/** Their visits of today: the way there, a call before the door, a word afterwards, and done. */
const installerDay = async (who: Worker): Promise<Act[]> => {
  const [from, to] = [-12, 24].map((hours) => new Date(Date.now() + hours * 60 * minute).toISOString())
  const page = await sent(who.ask('GET', `/api/appointments?from=${from}&to=${to}&mine=true&pageSize=200`))
  const visits = (page['items'] as Body[]).filter((one) => one['state'] === 'planned')
  count(who, 0)
  return visits.flatMap((visit): Act[] => {
    const one = [...mine, ...theirs].find(({ id }) => id === visit['customerId'])!
    return [
      async () => {
        const reveals = await lookAt(who, one, ['addresses', 'phones', 'notes'], 'visit')
        await use(who, one, 'addresses', 'navigate')
        count(who, reveals)
      },
      async () => {
        await use(who, one, 'phones', 'call')
        count(who, 0)
      },
      async () => {
        await note(who, one, 'visit')
        await sent(who.ask('POST', `/api/appointments/${String(visit['id'])}/done`, { version: visit['version'], note: '装好了' }))
        count(who, 0)
      },
    ]
  })
}

const managerDay = (who: Worker, all: Customer[]): Act[] => [
  ...times(5, async () => {
    await sent(who.ask('GET', `/api/customers?pageSize=50&page=${1 + random.below(3)}`))
    count(who, 0)
  }),
  ...times(4, async () => {
    await book(who, random.pick(all), 'installation', [people.installer, people.helper])
    count(who, 0)
  }),
  ...times(4, async () => {
    const one = random.pick(all)
    await sent(who.ask('GET', `/api/customers/${one.id}`))
    await note(who, one, 'note')
    count(who, 0)
  }),
  ...times(2, async () => {
    await use(who, random.pick(all), 'phones', 'call')
    count(who, 0)
  }),
  ...times(1, async () => count(who, await lookAt(who, random.pick(all), ['phones', 'notes'], 'complaint'))),
]

/** Payments are matched by name; an invoice needs the address it goes to. */
const financeDay = (who: Worker, all: Customer[]): Act[] => [
  ...times(12, async () => {
    await sent(who.ask('GET', `/api/customers?q=${encodeURIComponent(random.pick(all).name)}`))
    count(who, 0)
  }),
  ...times(2, async () => count(who, await lookAt(who, random.pick(all), ['addresses'], 'quote'))),
]

const marketingDay = (who: Worker, all: Customer[]): Act[] => [
  ...times(4, async () => {
    await sent(who.ask('GET', '/api/customers?filter[source]=walkIn,referral'))
    count(who, 0)
  }),
  ...times(3, async () => {
    await sent(who.ask('GET', `/api/customers/${random.pick(all).id}/consents`))
    count(who, 0)
  }),
]

const shuffled = (acts: Act[]): Act[] => {
  const order = [...acts]
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}

/** Ends a simulated day: what was agreed on for it is over, and does not reach into the next. */
const closeDay = async (): Promise<void> => {
  const [from, to] = [-2, 3].map((ahead) => new Date(Date.now() + ahead * day).toISOString())
  for (;;) {
    const page = await sent(people.manager.ask('GET', `/api/appointments?from=${from}&to=${to}&pageSize=200`))
    const open = (page['items'] as Body[]).filter((one) => one['state'] !== 'cancelled')
    if (open.length === 0) return
    for (const one of open)
      await sent(people.manager.ask('POST', `/api/appointments/${String(one['id'])}/cancel`, { version: one['version'] }))
  }
}

test('a week of each role: at least 95 of 100 legitimate acts need no reveal, and none is refused', { timeout: 300_000 }, async () => {
  const all = [...mine, ...theirs]
  for (let n = 0; n < days; n += 1) {
    const { consultant, colleague, service, manager, finance, marketing } = people
    const morning = [
      ...consultantDay(consultant, mine, theirs),
      ...consultantDay(colleague, theirs, mine),
      ...serviceDay(service, all),
      ...managerDay(manager, all),
      ...financeDay(finance, all),
      ...marketingDay(marketing, all),
    ]
    for (const act of shuffled(morning)) await act()
    for (const who of [people.installer, people.helper]) for (const act of await installerDay(who)) await act()
    await closeDay()
  }
  const rows = [...tally].map(([role, { acts, reveals }]) => ({ role, acts, reveals, share: 1 - reveals / acts }))
  const acts = rows.reduce((sum, row) => sum + row.acts, 0)
  const reveals = rows.reduce((sum, row) => sum + row.reveals, 0)
  const line = (role: string, of: number, needed: number): string =>
    `${role.padEnd(18)}${String(of).padStart(6)} acts${String(needed).padStart(5)} reveals${((1 - needed / of) * 100).toFixed(1).padStart(7)} % without\n`
  process.stdout.write(
    `simulated week, seed ${seed}, ${days} days\n${rows.map((row) => line(row.role, row.acts, row.reveals)).join('')}${line('all', acts, reveals)}`,
  )
  expect(rows.map(({ role }) => role).toSorted()).toEqual(
    ['customerService', 'finance', 'installer', 'marketing', 'salesConsultant', 'storeManager'].toSorted(),
  )
  expect(acts).toBeGreaterThan(500)
  expect(1 - reveals / acts).toBeGreaterThanOrEqual(0.95)
  // The log holds what was counted: each reveal an entry with a reason, and none that nobody made.
  const found = await it.parts.audit.find({ actions: ['reveal'], limit: 500 })
  expect(found.filter(({ outcome, reason }) => outcome === 'done' && reason !== null)).toHaveLength(reveals)
})

/** What somebody tries beyond their work. `code`: how it is refused; null: it works, and stands in the log as `logged`. */
type Attempt = {
  name: string
  who: keyof typeof people
  try: () => Promise<LightMyRequestResponse>
  code: string | null
  logged: [string, string] | null
}

const attempts = (): Attempt[] => {
  const ask = (who: keyof typeof people, method: string, url: string, body?: unknown) => () => people[who].ask(method, url, body)
  const [a, b, far] = [mine[0]!, theirs[0]!, elsewhere[0]!]
  const asked = {
    entity: 'customer',
    select: { ids: [a.id] },
    fields: ['name', 'phones'],
    format: 'csv',
    purpose: 'other',
    note: '自用',
    language: 'zh',
    dryRun: false,
  }
  const soon = (ahead: number) => ({
    startsAt: new Date(Date.now() + ahead).toISOString(),
    endsAt: new Date(Date.now() + ahead + 60 * minute).toISOString(),
  })
  const meet = async (customer: Customer, ahead: number): Promise<void> => {
    await sent(
      people.manager.ask('POST', `/api/customers/${customer.id}/appointments`, {
        kind: 'service',
        assigneeIds: [people.installer.id],
        ...soon(ahead),
      }),
    )
  }
  const booked = async (): Promise<LightMyRequestResponse> => {
    const body = { kind: 'service', assigneeIds: [people.installer.id], ...soon(30 * minute) }
    const made = await sent(people.manager.ask('POST', `/api/customers/${b.id}/appointments`, body))
    return people.installer.ask('PATCH', `/api/appointments/${String(made['id'])}`, { version: 1, ...soon(day) })
  }
  return [
    {
      name: 'reads a customer of another store',
      who: 'consultant',
      try: ask('consultant', 'GET', `/api/customers/${far.id}`),
      code: 'not_found',
      logged: ['read', 'absent'],
    },
    {
      name: 'reveals one of another store',
      who: 'consultant',
      try: ask('consultant', 'POST', `/api/customers/${far.id}/reveal`, { fields: ['phones'], reason: 'visit' }),
      code: 'not_found',
      logged: ['reveal', 'absent'],
    },
    {
      name: 'filters by a hidden field',
      who: 'consultant',
      try: ask('consultant', 'GET', '/api/customers?filter[notes]=x'),
      code: 'unknown_key',
      logged: null,
    },
    {
      name: 'sorts by a masked field',
      who: 'consultant',
      try: ask('consultant', 'GET', '/api/customers?sort=phones'),
      code: 'unknown_key',
      logged: null,
    },
    {
      name: 'exports',
      who: 'consultant',
      try: ask('consultant', 'POST', '/api/exports', asked),
      code: 'forbidden',
      logged: ['export', 'refused'],
    },
    {
      name: 'takes a colleague’s customer',
      who: 'consultant',
      try: ask('consultant', 'POST', `/api/customers/${b.id}/hand-over`, { version: 1, ownerId: people.consultant.id }),
      code: 'forbidden',
      logged: ['update', 'refused'],
    },
    {
      name: 'changes a colleague’s customer',
      who: 'consultant',
      try: ask('consultant', 'PATCH', `/api/customers/${b.id}`, { version: 1, notes: 'x' }),
      code: 'forbidden',
      logged: ['update', 'refused'],
    },
    {
      name: 'books herself for a colleague’s customer',
      who: 'consultant',
      try: ask('consultant', 'POST', `/api/customers/${b.id}/appointments`, {
        kind: 'call',
        assigneeIds: [people.consultant.id],
        ...soon(30 * minute),
      }),
      code: null,
      logged: ['reveal', 'done'],
    },
    {
      name: 'books a customer of another store',
      who: 'consultant',
      try: ask('consultant', 'POST', `/api/customers/${far.id}/appointments`, {
        kind: 'call',
        assigneeIds: [people.consultant.id],
        ...soon(30 * minute),
      }),
      code: 'not_found',
      logged: null,
    },
    {
      name: 'looks a number up that is nobody’s of the store',
      who: 'consultant',
      try: ask('consultant', 'POST', '/api/callers', { phone: far.phones[0] }),
      code: null,
      logged: ['search', 'done'],
    },
    {
      name: 'looks at a visit of the day after tomorrow',
      who: 'installer',
      try: async () => (await meet(mine[10]!, 3 * day), people.installer.ask('GET', `/api/customers/${mine[10]!.id}`)),
      code: 'not_found',
      logged: ['read', 'absent'],
    },
    {
      name: 'looks at last month’s visit',
      who: 'installer',
      try: async () => (await meet(mine[11]!, -30 * day), people.installer.ask('GET', `/api/customers/${mine[11]!.id}`)),
      code: 'not_found',
      logged: ['read', 'absent'],
    },
    { name: 'moves a visit to keep it in sight', who: 'installer', try: booked, code: 'forbidden', logged: ['update', 'refused'] },
    {
      name: 'books herself anybody',
      who: 'installer',
      try: ask('installer', 'POST', `/api/customers/${a.id}/appointments`, {
        kind: 'visit',
        assigneeIds: [people.installer.id],
        ...soon(minute),
      }),
      code: 'forbidden',
      logged: ['create', 'refused'],
    },
    {
      name: 'erases',
      who: 'service',
      try: ask('service', 'POST', `/api/customers/${a.id}/erase`, { version: 1, reason: 'x' }),
      code: 'forbidden',
      logged: ['erase', 'refused'],
    },
    {
      name: 'imports',
      who: 'service',
      try: ask('service', 'POST', '/api/imports/x/cancel'),
      code: 'forbidden',
      logged: ['import', 'refused'],
    },
    {
      name: 'calls a customer',
      who: 'finance',
      try: ask('finance', 'POST', `/api/customers/${a.id}/use`, { field: 'phones', index: 0, use: 'call' }),
      code: 'unknown_key',
      logged: null,
    },
    {
      name: 'reads the timeline',
      who: 'finance',
      try: ask('finance', 'GET', `/api/customers/${a.id}/interactions`),
      code: 'not_found',
      logged: null,
    },
    {
      name: 'reveals a number',
      who: 'marketing',
      try: ask('marketing', 'POST', `/api/customers/${a.id}/reveal`, { fields: ['phones'], reason: 'visit' }),
      code: 'unknown_key',
      logged: null,
    },
    {
      name: 'filters by a number',
      who: 'marketing',
      try: ask('marketing', 'GET', `/api/customers?filter[phones]=${encodeURIComponent(a.phones[0]!)}`),
      code: 'unknown_key',
      logged: null,
    },
    {
      name: 'reads the log',
      who: 'manager',
      try: ask('manager', 'GET', '/api/audit'),
      code: 'not_found',
      logged: ['audit_read', 'refused'],
    },
    {
      name: 'erases',
      who: 'manager',
      try: ask('manager', 'POST', `/api/customers/${a.id}/erase`, { version: 1, reason: 'x' }),
      code: 'forbidden',
      logged: ['erase', 'refused'],
    },
  ]
}

test('what is not their work is refused, or stands in the log', { timeout: 120_000 }, async () => {
  const outcomes: string[] = []
  for (const { name, who, try: act, code, logged } of attempts()) {
    expect(code !== null || logged !== null).toBe(true)
    const { rows } = await it.house.db.owner.query<{ id: number }>('select max(id)::int as id from audit.entry')
    const answer = await act()
    const refusal = answer.statusCode >= 300 ? answer.json<{ code: string }>().code : null
    const since = (await it.parts.audit.entriesOfActor(people[who].id, { limit: 50 })).filter(({ entryId }) => entryId > rows[0]!.id)
    const seen = since.map(({ action, outcome }) => `${action} ${outcome}`)
    expect([who, name, refusal]).toEqual([who, name, code])
    if (logged) expect([who, name, seen]).toEqual([who, name, expect.arrayContaining([logged.join(' ')])])
    outcomes.push(refusal ?? 'recorded')
  }
  process.stdout.write(
    `illegitimate acts: ${outcomes.length}, refused ${outcomes.filter((one) => one !== 'recorded').length}, recorded ${outcomes.filter((one) => one === 'recorded').length}\n`,
  )
})
