import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../domain/catalogue/all.ts'
import { roles } from '../domain/policy/roles.ts'
import { defaultLimits } from '../domain/export/limits.ts'
import type { RowOf } from '../server/store/records.ts'
import { operationPaths } from '../server/http/operations.ts'
import { password, testApp, type TestApp, type Who } from './support/app.ts'

/**
 * What may leave, written by hand beside the code that decides it: by role, by the customer's relation to the actor, by field. `decide()` and `view()`
 * are not asked. A route or field that is not in these tables fails.
 */

type Customer = RowOf<'customer'>
/** The manager and consultant A work in the north store; consultant B in the south. `own`: owned by the actor, in their store. */
const actors = ['owner', 'manager', 'consultantA', 'auditor'] as const satisfies readonly Who[]
const relations = ['own', 'colleagues', 'otherStore'] as const
type Relation = (typeof relations)[number]

/** Which customers exist for whom. */
const exists: Record<(typeof actors)[number], Record<Relation, boolean>> = {
  owner: { own: true, colleagues: true, otherStore: true },
  manager: { own: true, colleagues: true, otherStore: false },
  consultantA: { own: true, colleagues: true, otherStore: false },
  auditor: { own: false, colleagues: false, otherStore: false },
}

/** What each field shows where the customer exists, how it may be asked for, and which uses it has. */
type FieldTruth = {
  own: 'open'
  others: 'open' | 'masked'
  filter: 'facet' | 'exact' | 'label' | 'refused'
  sort: boolean
  uses: readonly string[]
}
const fields: Record<keyof (typeof catalogue)['customer']['fields'], FieldTruth> = {
  name: { own: 'open', others: 'open', filter: 'refused', sort: true, uses: [] },
  kind: { own: 'open', others: 'open', filter: 'facet', sort: false, uses: [] },
  phones: { own: 'open', others: 'masked', filter: 'exact', sort: false, uses: ['call', 'message', 'copy'] },
  emails: { own: 'open', others: 'masked', filter: 'exact', sort: false, uses: ['message', 'copy'] },
  wechatIds: { own: 'open', others: 'masked', filter: 'exact', sort: false, uses: ['message', 'copy'] },
  addresses: { own: 'open', others: 'masked', filter: 'refused', sort: false, uses: ['navigate', 'copy'] },
  storeId: { own: 'open', others: 'open', filter: 'facet', sort: false, uses: [] },
  ownerId: { own: 'open', others: 'open', filter: 'facet', sort: false, uses: [] },
  tags: { own: 'open', others: 'masked', filter: 'label', sort: false, uses: [] },
  facts: { own: 'open', others: 'masked', filter: 'refused', sort: false, uses: [] },
  notes: { own: 'open', others: 'masked', filter: 'refused', sort: false, uses: [] },
  source: { own: 'open', others: 'open', filter: 'facet', sort: false, uses: [] },
  basis: { own: 'open', others: 'open', filter: 'facet', sort: false, uses: [] },
  referrerId: { own: 'open', others: 'open', filter: 'refused', sort: false, uses: [] },
}
const names = Object.keys(fields) as (keyof typeof fields)[]
const uses = ['call', 'message', 'copy', 'navigate'] as const

let it: TestApp
let customers: Record<(typeof actors)[number], Record<Relation, Customer>>
let asked = 0

const valuesOf = (relation: Relation, who: string, n: number) => ({
  name: `陈${relation === 'own' ? '自有' : relation === 'colleagues' ? '同事' : '别店'}${who}`,
  phones: [`+86138${String(20_000_000 + n)}`],
  emails: [`${relation.toLowerCase()}.${who.toLowerCase()}@example.com`],
  wechatIds: [`wx_${relation.toLowerCase()}_${who.toLowerCase()}`],
  addresses: [`上海市静安区${relation}${who}路18号`],
  tags: [`标签${relation}${who}`],
  facts: `要点${relation}${who}`,
  notes: `备注${relation}${who}`,
  source: 'walkIn' as const,
  basis: 'contract' as const,
})

beforeAll(async () => {
  it = await testApp()
  const { house } = it
  const { north, south } = house.stores
  let n = 0
  const make = async (who: (typeof actors)[number]): Promise<Record<Relation, Customer>> => {
    const me = house.actors[who].staffId
    const other = who === 'consultantA' ? house.actors.manager.staffId : house.actors.consultantA.staffId
    const own = { ...valuesOf('own', who, (n += 1)), storeId: north.id, ownerId: me }
    const colleagues = { ...valuesOf('colleagues', who, (n += 1)), storeId: north.id, ownerId: other }
    const otherStore = { ...valuesOf('otherStore', who, (n += 1)), storeId: south.id, ownerId: house.actors.consultantB.staffId }
    const rows = await house.addCustomers([own, colleagues, otherStore])
    return { own: rows[0]!, colleagues: rows[1]!, otherStore: rows[2]! }
  }
  customers = {
    owner: await make('owner'),
    manager: await make('manager'),
    consultantA: await make('consultantA'),
    auditor: await make('auditor'),
  }
  const newest = await house.db.owner.query<{ id: number }>("select max(id)::int as id from audit.entry where action = 'create'")
  await it.parts.search.waitFor(newest.rows[0]!.id)
})
afterAll(async () => {
  process.stdout.write(`exit matrix: ${asked} requests over ${it.routes.length} routes, ${actors.length} roles, ${names.length} fields\n`)
  await it.close()
})

const send = async (...of: Parameters<TestApp['send']>) => {
  asked += 1
  return it.send(...of)
}
const codeOf = (answer: { body: string }): unknown =>
  answer.body.startsWith('{') ? (JSON.parse(answer.body) as { code?: unknown }).code : undefined
const rawOf = (customer: Customer, field: string): string => {
  const value = (customer as unknown as Record<string, unknown>)[field]
  return Array.isArray(value) ? String(value[0]) : String(value)
}
/** Fields whose value is nobody's but this customer's: finding it in a body means that it left. */
const telling = ['phones', 'emails', 'wechatIds', 'addresses', 'tags', 'notes'] as const

const leaks = (body: string, customer: Customer, relation: Relation): string[] =>
  telling.filter(
    (field) => body.includes(rawOf(customer, field)) && (relation === 'own' ? fields[field].own : fields[field].others) !== 'open',
  )

test('the tables know every field, and the product no other role', () => {
  expect(Object.keys(catalogue.customer.fields).toSorted()).toEqual(names.toSorted())
})

test.each(actors.flatMap((who) => relations.map((relation) => [who, relation] as const)))(
  'read: %s, a customer that is %s',
  async (who, relation) => {
    const customer = customers[who][relation]
    const answer = await send(who, 'GET', `/api/customers/${customer.id}`)
    if (!exists[who][relation]) {
      const absent = await send(who, 'GET', '/api/customers/01900000-0000-7000-8000-000000000000')
      const bare = (one: typeof answer) => ({ ...one.json<Record<string, unknown>>(), requestId: '' })
      expect(bare(answer)).toEqual(bare(absent))
      expect(answer.statusCode).toBe(404)
      return
    }
    const view = answer.json<Record<string, unknown>>()
    for (const name of names) {
      const shown = JSON.stringify(view[name])
      const truth = relation === 'own' ? fields[name].own : fields[name].others
      expect([name, shown.includes('"masked"')]).toEqual([name, truth === 'masked'])
      if (truth === 'open') expect(shown).toContain(rawOf(customer, name))
    }
    expect(leaks(answer.body, customer, relation)).toEqual([])
    expect(view).not.toHaveProperty('subject')
  },
)

test.each(actors)('list, count and search show what exists for %s, and nothing of what is masked', async (who) => {
  const all = await send(who, 'GET', '/api/customers?pageSize=200')
  if (who === 'auditor') return expect(codeOf(all)).toBe('not_found')
  const page = all.json<{ items: { id: string }[]; total: number }>()
  const expected = actors
    .flatMap((of) => relations.map((relation) => customers[of][relation]))
    .filter((one) => who === 'owner' || one.storeId === it.house.stores.north.id)
  expect(page.items.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
  expect(page.total).toBe(expected.length)
  for (const relation of relations) {
    const customer = customers[who][relation]
    expect(leaks(all.body, customer, relation)).toEqual([])
    const found = async (text: string): Promise<boolean> => {
      const answer = await send(who, 'GET', `/api/customers?q=${encodeURIComponent(text)}`)
      const hits = answer.json<{ items: { id: string }[]; total: number }>()
      expect(hits.total).toBe(hits.items.length)
      return hits.items.some(({ id }) => id === customer.id)
    }
    // Names everywhere in sight; a fragment of a masked value must not spell it out; a whole number finds whose it is.
    expect(await found(rawOf(customer, 'name'))).toBe(exists[who][relation])
    expect(await found(`${relation}${who}路`)).toBe(exists[who][relation] && relation === 'own')
    expect(await found(rawOf(customer, 'phones').slice(5, 12))).toBe(exists[who][relation] && relation === 'own')
    expect(await found(rawOf(customer, 'phones').slice(3))).toBe(exists[who][relation])
    expect(await found(rawOf(customer, 'notes'))).toBe(false)
  }
})

/** What results show while somebody types, whoever owns the customer. */
const briefTruth: Partial<Record<keyof typeof fields, 'open' | 'masked'>> = {
  name: 'open',
  kind: 'open',
  storeId: 'open',
  ownerId: 'open',
  phones: 'masked',
  addresses: 'masked',
  source: 'open',
  basis: 'open',
  referrerId: 'open',
}

test.each(actors)('brief: what %s is shown while typing tells people apart and nothing else', async (who) => {
  const answer = await send(who, 'GET', '/api/customers?show=brief&pageSize=200')
  if (who === 'auditor') return expect(codeOf(answer)).toBe('not_found')
  const { items } = answer.json<{ items: Record<string, unknown>[] }>()
  for (const relation of relations) {
    const customer = customers[who][relation]
    expect(telling.filter((field) => answer.body.includes(rawOf(customer, field)))).toEqual([])
    const shown = items.find(({ id }) => id === customer.id)
    expect(shown !== undefined).toBe(exists[who][relation])
    if (!shown) continue
    expect(names.filter((name) => name in shown).toSorted()).toEqual(Object.keys(briefTruth).toSorted())
    for (const [name, truth] of Object.entries(briefTruth))
      expect([name, JSON.stringify(shown[name]).includes('"masked"')]).toEqual([name, truth === 'masked'])
  }
  for (const relation of relations) {
    const customer = customers[who][relation]
    const one = await send(who, 'GET', `/api/customers/${customer.id}?show=brief`)
    expect(one.statusCode).toBe(exists[who][relation] ? 200 : 404)
    expect(telling.filter((field) => one.body.includes(rawOf(customer, field)))).toEqual([])
    if (exists[who][relation]) expect(one.json()).toEqual(items.find(({ id }) => id === customer.id))
  }
  expect(codeOf(await send(who, 'GET', `/api/customers/${customers[who].own.id}?show=everything`))).toBe('input_invalid')
  expect(codeOf(await send(who, 'GET', '/api/customers?show=everything'))).toBe('input_invalid')
  expect(codeOf(await send(who, 'GET', `/api/customers/${customers[who].own.id}/interactions?show=brief`))).toBe('unknown_key')
})

test.each(actors.flatMap((who) => names.map((name) => [who, name] as const)))('filter and sort: %s by %s', async (who, name) => {
  const sorted = await send(who, 'GET', `/api/customers?sort=-${name}`)
  const unknown = await send(who, 'GET', '/api/customers?sort=-nonsense')
  if (who === 'auditor') return expect(codeOf(sorted)).toBe('not_found')
  if (fields[name].sort) expect(sorted.statusCode).toBe(200)
  else expect({ ...sorted.json<object>(), requestId: '' }).toEqual({ ...unknown.json<object>(), requestId: '' })
  for (const relation of relations) {
    const customer = customers[who][relation]
    const answer = await send(who, 'GET', `/api/customers?pageSize=200&filter[${name}]=${encodeURIComponent(rawOf(customer, name))}`)
    if (fields[name].filter === 'refused') {
      expect([codeOf(answer), answer.json<{ details: unknown }>().details]).toEqual(['unknown_key', { key: `filter[${name}]` }])
      continue
    }
    const found = answer.json<{ items: { id: string }[] }>().items.some(({ id }) => id === customer.id)
    // A label is matched as any part of a value is: only where it is open.
    const matches = exists[who][relation] && (fields[name].filter !== 'label' || relation === 'own')
    expect([relation, found]).toEqual([relation, matches])
    expect(leaks(answer.body, customer, relation)).toEqual([])
  }
})

test.each(actors.flatMap((who) => names.map((name) => [who, name] as const)))('reveal and use: %s, %s', async (who, name) => {
  for (const relation of relations) {
    const customer = customers[who][relation]
    const revealed = await send(who, 'POST', `/api/customers/${customer.id}/reveal`, { fields: [name], reason: 'call_back' })
    expect([relation, revealed.statusCode]).toEqual([relation, exists[who][relation] ? 200 : 404])
    if (revealed.statusCode === 200) expect(JSON.stringify(revealed.json<{ values: unknown }>().values)).toContain(rawOf(customer, name))
    else expect(telling.filter((field) => revealed.body.includes(rawOf(customer, field)))).toEqual([])
    for (const use of uses) {
      const used = await send(who, 'POST', `/api/customers/${customer.id}/use`, { field: name, index: 0, use })
      const wanted = !exists[who][relation]
        ? who === 'auditor' || fields[name].uses.includes(use)
          ? 404
          : 400
        : fields[name].uses.includes(use)
          ? 200
          : 400
      expect([relation, use, used.statusCode]).toEqual([relation, use, wanted])
    }
  }
})

/** By route: the code each role gets. `ok`: a 2xx. A stranger gets not_signed_in everywhere but on public routes. */
type RouteTruth = {
  as: Record<(typeof actors)[number], string>
  probe: (
    who: (typeof actors)[number],
  ) =>
    | Promise<{ url: string; body?: unknown; headers?: Record<string, string> }>
    | { url: string; body?: unknown; headers?: Record<string, string> }
}
const all = { owner: 'ok', manager: 'ok', consultantA: 'ok', auditor: 'ok' }
const crm = { ...all, auditor: 'not_found' }
const ownerOnly = { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'not_found' }

const fresh = async (who: (typeof actors)[number]): Promise<Customer> => {
  const me = who === 'auditor' ? it.house.actors.consultantA : it.house.actors[who]
  return (await it.house.addCustomers([{ name: '临时', ownerId: me.staffId, storeId: it.house.stores.north.id }]))[0]!
}
const freshContact = async (who: (typeof actors)[number]): Promise<string> => {
  const body = { name: '刘阿姨', phones: ['+8613912340000'] }
  return (await it.send('owner', 'POST', `/api/customers/${(await fresh(who)).id}/contacts`, body)).json<{ id: string }>().id
}
const inAnHour = () => {
  const [startsAt, endsAt] = [60, 120].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString())
  return { kind: 'survey', startsAt, endsAt }
}
const meeting = () => ({ ...inAnHour(), assigneeIds: [it.house.actors.manager.staffId] })
const freshBelow = async (who: (typeof actors)[number], plural: string, body: object): Promise<string> =>
  (await it.send('owner', 'POST', `/api/customers/${(await fresh(who)).id}/${plural}`, body)).json<{ id: string }>().id
const freshMeeting = (who: (typeof actors)[number]): Promise<string> => freshBelow(who, 'appointments', meeting())
const csv = Buffer.from('姓名,电话\n李雷,13912345678\n')
const stageAs = async (who: (typeof actors)[number]): Promise<{ id: string; mapping: object }> => {
  const as = who === 'auditor' || who === 'consultantA' ? 'owner' : who
  return (await it.send(as, 'POST', '/api/imports?kind=csv', csv, { 'content-type': 'application/octet-stream' })).json()
}
const draft = () => ({ name: '新客', kind: 'household', phones: [], emails: [], tags: [], storeId: it.house.stores.north.id })
const job = async (state = 'done', who?: Who): Promise<string> =>
  (
    await it.house.db.owner.query<{ id: string }>(
      "insert into job (id, kind, state, started_by) values (gen_random_uuid(), 'reseal', $1, $2) returning id",
      [state, who ? it.house.actors[who].staffId : null],
    )
  ).rows[0]!.id
const noted = async (): Promise<string> =>
  (
    await it.house.db.owner.query<{ id: string }>(
      "insert into job (id, kind, state, changes, finished_at) values (gen_random_uuid(), 'import', 'done', 1, now()) returning id",
    )
  ).rows[0]!.id
const steer = { owner: 'ok', manager: 'forbidden', consultantA: 'not_found', auditor: 'forbidden' }
const idle = async (): Promise<void> => void (await it.house.db.owner.query("update job set state = 'done' where kind <> 'import'"))
const guardians = { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'ok' }
const erased = async (): Promise<number> => {
  const { id } = await fresh('owner')
  return (await it.send('owner', 'POST', `/api/customers/${id}/erase`, { version: 1, reason: '客户要求' })).json<{ subject: number }>()
    .subject
}
const exporting = (ids: readonly string[]) => ({
  entity: 'customer',
  select: { ids },
  fields: ['name', 'phones'],
  format: 'csv',
  purpose: 'campaign',
  language: 'zh',
})
const sharing = (target: string) => ({
  kind: 'customer',
  target,
  fields: ['name'],
  recipient: { name: '设计师', contact: '' },
  days: 1,
  language: 'zh',
})
/** An export that this one asked for; the owner's, where somebody may not. */
const exported = async (who: (typeof actors)[number]): Promise<string> => {
  const as = who === 'manager' ? who : 'owner'
  return (await it.send(as, 'POST', '/api/exports', exporting([(await fresh(as)).id]))).json<{ exportId: string }>().exportId
}
/** The request of an export that waits for somebody else, of rows in the north store. */
const waiting = async (as: 'owner' | 'manager'): Promise<string> => {
  const limits = (threshold: number) => it.send('owner', 'PUT', '/api/exports/limits', { ...defaultLimits, threshold })
  await limits(0)
  const id = await exported(as)
  await limits(defaultLimits.threshold)
  return (await it.send(as, 'GET', `/api/exports/${id}`)).json<{ approval: { id: string } }>().approval.id
}
let hired = 0
const programDraft = () => ({
  login: `svc${(hired += 1)}`,
  name: '官网表单',
  ownerId: it.house.actors.owner.staffId,
  purpose: '接收官网留言',
  roles: ['salesConsultant'],
  storeIds: [it.house.stores.north.id],
})
const program = async (): Promise<string> => (await it.send('owner', 'POST', '/api/programs', programDraft())).json<{ id: string }>().id
const openReview = async (): Promise<string> => (await it.send('owner', 'POST', '/api/reviews', { kind: 'all' })).json<{ id: string }>().id
const emergencyDraft = () => ({ reason: 'outage', note: '客户家中停电', storeIds: [it.house.stores.north.id] })
const endEmergencies = () =>
  it.house.db.owner.query('update auth.emergency set granted_at = now(), ends_at = now() where granted_at is null')
const emergency = async (): Promise<string> => {
  await endEmergencies()
  return (await it.send('consultantA', 'POST', '/api/emergencies', emergencyDraft())).json<{ id: string }>().id
}
const employee = async (): Promise<string> => {
  const body = { login: `neu${(hired += 1)}`, name: '新人', roles: ['salesConsultant'], storeIds: [it.house.stores.north.id] }
  return (await it.send('owner', 'POST', '/api/staff', body)).json<{ id: string }>().id
}

const everybody = (code: string) => ({ owner: code, manager: code, consultantA: code, auditor: code })

const routeTruth: Record<string, RouteTruth> = {
  'GET /api/session': { as: all, probe: () => ({ url: '/api/session' }) },
  // A ticket that is nobody's: as if there were no such call.
  'POST /api/relay/end': {
    as: { owner: 'not_found', manager: 'not_found', consultantA: 'not_found', auditor: 'not_found' },
    probe: () => ({ url: '/api/relay/end', body: { binding: 'b-1~x' } }),
  },
  'GET /api/sessions': { as: all, probe: () => ({ url: '/api/sessions' }) },
  'DELETE /api/sessions/:id': {
    as: all,
    probe: async (who) => ({ url: `/api/sessions/${(await it.parts.sessions.begin(it.house.actors[who])).session.id}` }),
  },
  'DELETE /api/session': {
    as: all,
    probe: async (who) => {
      const { token, session } = await it.parts.sessions.begin(it.house.actors[who])
      return { url: '/api/session', headers: { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken } }
    },
  },
  'POST /api/session/step-up/options': { as: all, probe: () => ({ url: '/api/session/step-up/options' }) },
  'POST /api/session/step-up': { as: all, probe: () => ({ url: '/api/session/step-up', body: { password } }) },
  'POST /api/session/lock': {
    as: all,
    probe: async (who) => {
      const { token, session } = await it.parts.sessions.begin(it.house.actors[who])
      return { url: '/api/session/lock', headers: { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken } }
    },
  },
  'DELETE /api/sessions': { as: all, probe: () => ({ url: '/api/sessions' }) },
  'GET /api/notices': { as: all, probe: () => ({ url: '/api/notices' }) },
  'POST /api/notices/seen': { as: all, probe: () => ({ url: '/api/notices/seen', body: { upTo: 0 } }) },
  'GET /api/me/security': { as: all, probe: () => ({ url: '/api/me/security' }) },
  'POST /api/me/passkeys/options': { as: all, probe: () => ({ url: '/api/me/passkeys/options' }) },
  'POST /api/me/passkeys': {
    as: everybody('passkey_refused'),
    probe: () => ({
      url: '/api/me/passkeys',
      body: { name: 'x', response: { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: 'x', attestationObject: 'x' } } },
    }),
  },
  'DELETE /api/me/passkeys/:id': { as: everybody('not_found'), probe: () => ({ url: `/api/me/passkeys/${randomUUID()}` }) },
  // Without an identity provider there is nothing to link to; server/auth/sso.test.ts has one.
  'GET /api/me/identity': { as: all, probe: () => ({ url: '/api/me/identity' }) },
  'POST /api/me/identity': { as: everybody('not_found'), probe: () => ({ url: '/api/me/identity' }) },
  'POST /api/me/identity/finish': {
    as: everybody('not_found'),
    probe: () => ({ url: '/api/me/identity/finish', body: { query: 'code=x&state=y' } }),
  },
  'DELETE /api/me/identity': { as: everybody('not_found'), probe: () => ({ url: '/api/me/identity' }) },
  'POST /api/me/code': { as: all, probe: () => ({ url: '/api/me/code' }) },
  'POST /api/me/code/confirm': {
    as: everybody('link_invalid'),
    probe: () => ({ url: '/api/me/code/confirm', body: { ticket: 'x', code: '123456' } }),
  },
  'DELETE /api/me/code': { as: everybody('not_found'), probe: () => ({ url: '/api/me/code' }) },
  'POST /api/me/recovery-codes': { as: all, probe: () => ({ url: '/api/me/recovery-codes' }) },
  'PUT /api/me/password': {
    as: everybody('input_invalid'),
    probe: () => ({ url: '/api/me/password', body: { current: password, password: 'short' } }),
  },
  // Over no browser there is no device to have a PIN on, nor one to lose.
  'PUT /api/me/pin': { as: everybody('not_found'), probe: () => ({ url: '/api/me/pin', body: { pin: '274913' } }) },
  'GET /api/me/draft-key': { as: all, probe: () => ({ url: '/api/me/draft-key' }) },
  'POST /api/me/devices/:id/lost': {
    as: everybody('not_found'),
    probe: () => ({ url: `/api/me/devices/${randomUUID()}/lost`, body: {} }),
  },
  'GET /api/staff/:id/sessions': { as: ownerOnly, probe: async () => ({ url: `/api/staff/${await employee()}/sessions` }) },
  'DELETE /api/staff/:id/sessions/:session': {
    as: ownerOnly,
    probe: async () => {
      const { staffId } = it.house.actors.consultantB
      const { session } = await it.parts.sessions.begin(it.house.actors.consultantB)
      return { url: `/api/staff/${staffId}/sessions/${session.id}` }
    },
  },
  'POST /api/staff/:id/devices/:device/lost': {
    as: everybody('not_found'),
    probe: async () => ({ url: `/api/staff/${await employee()}/devices/${randomUUID()}/lost`, body: {} }),
  },
  'GET /api/staff/:id/links': { as: ownerOnly, probe: async () => ({ url: `/api/staff/${await employee()}/links` }) },
  'POST /api/staff/:id/links': {
    as: ownerOnly,
    probe: async () => ({ url: `/api/staff/${await employee()}/links`, body: { purpose: 'recover' } }),
  },
  'DELETE /api/staff/:id/links/:link': {
    as: ownerOnly,
    probe: async () => {
      const id = await employee()
      const link = (await it.send('owner', 'POST', `/api/staff/${id}/links`, { purpose: 'invite' })).json<{ id: string }>()
      return { url: `/api/staff/${id}/links/${link.id}` }
    },
  },
  'GET /api/settings/second-factor': { as: ownerOnly, probe: () => ({ url: '/api/settings/second-factor' }) },
  'PUT /api/settings/second-factor': { as: ownerOnly, probe: () => ({ url: '/api/settings/second-factor', body: { for: 'privileged' } }) },
  'GET /api/me/preferences/:key': { as: all, probe: () => ({ url: '/api/me/preferences/views.customers' }) },
  'PUT /api/me/preferences/:key': {
    as: all,
    probe: () => ({ url: '/api/me/preferences/list.customers', body: { value: { pageSize: 50 }, version: 0 } }),
  },
  'DELETE /api/me/preferences/:key': { as: all, probe: () => ({ url: '/api/me/preferences/views.customers' }) },
  'GET /api/customers': { as: crm, probe: () => ({ url: '/api/customers' }) },
  'POST /api/customers': { as: crm, probe: () => ({ url: '/api/customers', body: draft() }) },
  'POST /api/customers/batch': { as: crm, probe: () => ({ url: '/api/customers/batch', body: { items: [draft(), draft()] } }) },
  'GET /api/customers/:id': { as: crm, probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}` }) },
  'PATCH /api/customers/:id': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}`, body: { version: 1, name: '改名' } }),
  },
  'DELETE /api/customers/:id': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}`, body: { version: 1 } }),
  },
  'POST /api/customers/:id/restore': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => {
      const { id } = await fresh(who)
      await it.send('owner', 'DELETE', `/api/customers/${id}`, { version: 1 })
      return { url: `/api/customers/${id}/restore`, body: { version: 2 } }
    },
  },
  'POST /api/customers/bulk': {
    as: crm,
    probe: async (who) => ({
      url: '/api/customers/bulk',
      body: { select: { ids: [(await fresh(who)).id] }, change: { kind: 'tag', value: '批量' }, dryRun: false },
    }),
  },
  'POST /api/exports/preview': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: '/api/exports/preview', body: exporting([(await fresh(who)).id]) }),
  },
  'POST /api/exports': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: '/api/exports', body: exporting([(await fresh(who)).id]) }),
  },
  'GET /api/exports': { as: all, probe: () => ({ url: '/api/exports' }) },
  'GET /api/exports/:id': {
    as: { ...crm, consultantA: 'not_found' },
    probe: async (who) => ({ url: `/api/exports/${await exported(who)}` }),
  },
  // Nothing is made in this test: what is asked for is there and has no file.
  'GET /api/exports/:id/file': {
    as: { owner: 'export_gone', manager: 'export_gone', consultantA: 'forbidden', auditor: 'not_found' },
    probe: async (who) => ({ url: `/api/exports/${await exported(who)}/file` }),
  },
  'POST /api/exports/:id/passphrase': {
    as: { owner: 'export_gone', manager: 'export_gone', consultantA: 'forbidden', auditor: 'not_found' },
    probe: async (who) => ({ url: `/api/exports/${await exported(who)}/passphrase` }),
  },
  'POST /api/exports/:id/recall': {
    as: { ...crm, consultantA: 'not_found' },
    probe: async (who) => ({ url: `/api/exports/${await exported(who)}/recall` }),
  },
  'GET /api/exports/limits': { as: all, probe: () => ({ url: '/api/exports/limits' }) },
  'PUT /api/exports/limits': { as: ownerOnly, probe: () => ({ url: '/api/exports/limits', body: defaultLimits }) },
  'POST /api/shares': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: '/api/shares', body: sharing((await fresh(who)).id) }),
  },
  'GET /api/shares': { as: all, probe: () => ({ url: '/api/shares' }) },
  'POST /api/shares/:id/recall': {
    as: { ...crm, consultantA: 'not_found' },
    probe: async (who) => {
      const as = who === 'manager' ? who : 'owner'
      const { id } = (await it.send(as, 'POST', '/api/shares', sharing((await fresh(as)).id))).json<{ id: string }>()
      return { url: `/api/shares/${id}/recall` }
    },
  },
  'GET /api/approvals': { as: { ...crm, consultantA: 'not_found' }, probe: () => ({ url: '/api/approvals' }) },
  'POST /api/approvals/:id': {
    as: { ...crm, consultantA: 'not_found' },
    probe: async (who) => ({ url: `/api/approvals/${await waiting(who === 'owner' ? 'manager' : 'owner')}`, body: { verdict: 'approve' } }),
  },
  'POST /api/customers/:id/claim': {
    as: crm,
    probe: async () => {
      const [free] = await it.house.addCustomers([{ name: '无主', ownerId: null }])
      return { url: `/api/customers/${free!.id}/claim`, body: { version: 1 } }
    },
  },
  'GET /api/handovers': { as: { ...crm, consultantA: 'forbidden' }, probe: () => ({ url: '/api/handovers' }) },
  'POST /api/customers/:id/hand-over': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/hand-over`, body: { version: 1, ownerId: null } }),
  },
  'POST /api/customers/:id/erase': {
    as: { owner: 'ok', manager: 'forbidden', consultantA: 'forbidden', auditor: 'not_found' },
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/erase`, body: { version: 1, reason: '客户要求' } }),
  },
  'POST /api/customers/:id/reveal': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/reveal`, body: { fields: ['phones'], reason: 'visit' } }),
  },
  'POST /api/customers/:id/use': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/use`, body: { field: 'phones', index: 0, use: 'call' } }),
  },
  'GET /api/customers/:id/interactions': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/interactions` }),
  },
  'POST /api/customers/:id/interactions': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/interactions`, body: { kind: 'call', text: '回电' } }),
  },
  'POST /api/callers': { as: crm, probe: () => ({ url: '/api/callers', body: { phone: '139 9999 8888' } }) },
  'POST /api/customers/:id/conversations': {
    as: crm,
    probe: async (who) => ({
      url: `/api/customers/${(await fresh(who)).id}/conversations`,
      body: { days: [{ happenedAt: '2026-03-05T06:05:00.000Z', text: '14:05 小艾：到了' }] },
    }),
  },
  'GET /api/customers/:id/contacts': { as: crm, probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/contacts` }) },
  'POST /api/customers/:id/contacts': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/contacts`, body: { name: '刘阿姨', role: '阿姨' } }),
  },
  'GET /api/customers/:id/consents': { as: crm, probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/consents` }) },
  'POST /api/customers/:id/consents': {
    as: crm,
    probe: async (who) => ({
      url: `/api/customers/${(await fresh(who)).id}/consents`,
      body: { channel: 'sms', state: 'given', how: 'spoken' },
    }),
  },
  'POST /api/interactions/:id/reveal': {
    as: crm,
    probe: async (who) => ({
      url: `/api/interactions/${await freshBelow(who, 'interactions', { kind: 'call', text: '回电' })}/reveal`,
      body: { fields: ['text'], reason: 'complaint' },
    }),
  },
  'POST /api/consents/:id/reveal': {
    as: crm,
    probe: async (who) => ({
      url: `/api/consents/${await freshBelow(who, 'consents', { channel: 'sms', state: 'given', how: 'spoken' })}/reveal`,
      body: { fields: ['note'], reason: 'complaint' },
    }),
  },
  'GET /api/customers/:id/appointments': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/appointments` }),
  },
  'POST /api/customers/:id/appointments': {
    as: crm,
    probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/appointments`, body: meeting() }),
  },
  'GET /api/appointments': {
    as: crm,
    probe: () => ({ url: `/api/appointments?from=${inAnHour().startsAt}&to=${inAnHour().endsAt}&mine=false` }),
  },
  'GET /api/appointments/busy': {
    as: crm,
    probe: () => ({
      url: `/api/appointments/busy?from=${inAnHour().startsAt}&to=${inAnHour().endsAt}&staff=${it.house.actors.manager.staffId}`,
    }),
  },
  'GET /api/appointments/:id': { as: crm, probe: async (who) => ({ url: `/api/appointments/${await freshMeeting(who)}` }) },
  'PATCH /api/appointments/:id': {
    as: crm,
    probe: async (who) => ({ url: `/api/appointments/${await freshMeeting(who)}`, body: { version: 1, kind: 'demo' } }),
  },
  'POST /api/appointments/:id/cancel': {
    as: crm,
    probe: async (who) => ({ url: `/api/appointments/${await freshMeeting(who)}/cancel`, body: { version: 1 } }),
  },
  'POST /api/appointments/:id/done': {
    as: crm,
    probe: async (who) => ({ url: `/api/appointments/${await freshMeeting(who)}/done`, body: { version: 1, note: '量好了' } }),
  },
  'POST /api/appointments/:id/reveal': {
    as: crm,
    probe: async (who) => ({ url: `/api/appointments/${await freshMeeting(who)}/reveal`, body: { fields: ['note'], reason: 'visit' } }),
  },
  'GET /api/contacts/:id': { as: crm, probe: async (who) => ({ url: `/api/contacts/${await freshContact(who)}` }) },
  'PATCH /api/contacts/:id': {
    as: crm,
    probe: async (who) => ({ url: `/api/contacts/${await freshContact(who)}`, body: { version: 1, role: '太太' } }),
  },
  'DELETE /api/contacts/:id': {
    as: crm,
    probe: async (who) => ({ url: `/api/contacts/${await freshContact(who)}`, body: { version: 1 } }),
  },
  'POST /api/contacts/:id/restore': {
    as: crm,
    probe: async (who) => {
      const id = await freshContact(who)
      await it.send('owner', 'DELETE', `/api/contacts/${id}`, { version: 1 })
      return { url: `/api/contacts/${id}/restore`, body: { version: 2 } }
    },
  },
  'POST /api/contacts/:id/erase': {
    as: { owner: 'ok', manager: 'forbidden', consultantA: 'forbidden', auditor: 'not_found' },
    probe: async (who) => ({ url: `/api/contacts/${await freshContact(who)}/erase`, body: { version: 1, reason: '本人要求' } }),
  },
  'POST /api/contacts/:id/reveal': {
    as: crm,
    probe: async (who) => ({ url: `/api/contacts/${await freshContact(who)}/reveal`, body: { fields: ['phones'], reason: 'visit' } }),
  },
  'POST /api/contacts/:id/use': {
    as: crm,
    probe: async (who) => ({ url: `/api/contacts/${await freshContact(who)}/use`, body: { field: 'phones', index: 0, use: 'call' } }),
  },
  'POST /api/customers/:id/merge': {
    as: crm,
    probe: async (who) => {
      const [a, b] = [await fresh(who), await fresh(who)]
      return { url: `/api/customers/${a.id}/merge`, body: { version: 1, others: [{ id: b.id, version: 1 }] } }
    },
  },
  'GET /api/duplicates': { as: crm, probe: () => ({ url: '/api/duplicates' }) },
  'POST /api/duplicates/search': { as: crm, probe: async () => (await idle(), { url: '/api/duplicates/search' }) },
  'POST /api/duplicates/dismiss': {
    as: crm,
    probe: async (who) => {
      const [a, b] = [(await fresh(who)).id, (await fresh(who)).id].toSorted()
      await it.house.db.owner.query("insert into duplicate_pair (a, b, reasons) values ($1, $2, array['phone'])", [a, b])
      return { url: '/api/duplicates/dismiss', body: { a, b, back: false } }
    },
  },
  'GET /api/customers/:id/privacy': { as: crm, probe: async (who) => ({ url: `/api/customers/${(await fresh(who)).id}/privacy` }) },
  'GET /api/stores': { as: all, probe: () => ({ url: '/api/stores' }) },
  'POST /api/stores': {
    as: { owner: 'ok', manager: 'forbidden', consultantA: 'forbidden', auditor: 'forbidden' },
    probe: (who) => ({ url: '/api/stores', body: { name: `新店${who}` } }),
  },
  'GET /api/staff': { as: all, probe: () => ({ url: '/api/staff' }) },
  'POST /api/staff': {
    as: { owner: 'ok', manager: 'forbidden', consultantA: 'forbidden', auditor: 'forbidden' },
    probe: () => ({
      url: '/api/staff',
      body: { login: `xin${(hired += 1)}`, name: '新人', roles: ['salesConsultant'], storeIds: [it.house.stores.north.id] },
    }),
  },
  'GET /api/people': { as: guardians, probe: () => ({ url: '/api/people' }) },
  'PATCH /api/people/:id': {
    as: { owner: 'ok', manager: 'forbidden', consultantA: 'forbidden', auditor: 'forbidden' },
    probe: async () => ({ url: `/api/people/${await employee()}`, body: { version: 1, joinsOn: '2026-01-01' } }),
  },
  'PUT /api/people/:id/roles': {
    as: ownerOnly,
    probe: async () => ({ url: `/api/people/${await employee()}/roles`, body: { version: 1, roles: ['finance'], storeIds: [] } }),
  },
  'POST /api/people/:id/loans': {
    as: ownerOnly,
    probe: async () => ({
      url: `/api/people/${await employee()}/loans`,
      body: { role: 'finance', storeIds: [], endsAt: new Date(Date.now() + 60_000).toISOString() },
    }),
  },
  'POST /api/people/:id/suspend': { as: ownerOnly, probe: async () => ({ url: `/api/people/${await employee()}/suspend` }) },
  'POST /api/people/:id/resume': {
    as: ownerOnly,
    probe: async () => {
      const id = await employee()
      await it.send('owner', 'POST', `/api/people/${id}/suspend`)
      return { url: `/api/people/${id}/resume` }
    },
  },
  'GET /api/people/:id/sight': {
    as: guardians,
    probe: () => ({ url: `/api/people/${it.house.actors.consultantB.staffId}/sight` }),
  },
  // Whoever holds a power over the installation cannot lend it; the owner and the auditor hold nothing else.
  'GET /api/me/delegations': { as: all, probe: () => ({ url: '/api/me/delegations' }) },
  'POST /api/me/delegations': {
    as: { owner: 'forbidden', manager: 'ok', consultantA: 'ok', auditor: 'forbidden' },
    probe: async () => ({
      url: '/api/me/delegations',
      body: { staffId: await employee(), endsAt: new Date(Date.now() + 60_000).toISOString() },
    }),
  },
  'DELETE /api/loans/:id': {
    as: { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'not_found' },
    probe: async () => {
      const body = { role: 'finance', storeIds: [], endsAt: new Date(Date.now() + 60_000).toISOString() }
      const made = await it.send('owner', 'POST', `/api/people/${await employee()}/loans`, body)
      return { url: `/api/loans/${made.json<{ ids: string[] }>().ids[0]}` }
    },
  },
  'GET /api/deviations': { as: guardians, probe: () => ({ url: '/api/deviations' }) },
  'GET /api/roles': { as: guardians, probe: () => ({ url: '/api/roles' }) },
  'POST /api/roles': {
    as: ownerOnly,
    probe: () => ({ url: '/api/roles', body: { name: `自定${(hired += 1)}`, role: roles.finance } }),
  },
  'PUT /api/roles/:id': {
    as: ownerOnly,
    probe: async () => {
      const body = { name: `自定${(hired += 1)}`, role: roles.finance }
      const { id } = (await it.send('owner', 'POST', '/api/roles', body)).json<{ id: string }>()
      return { url: `/api/roles/${id}`, body: { ...body, version: 1 } }
    },
  },
  'DELETE /api/roles/:id': {
    as: ownerOnly,
    probe: async () => {
      const body = { name: `自定${(hired += 1)}`, role: roles.finance }
      const { id } = (await it.send('owner', 'POST', '/api/roles', body)).json<{ id: string }>()
      return { url: `/api/roles/${id}`, body: { version: 1 } }
    },
  },
  'GET /api/reviews': { as: guardians, probe: () => ({ url: '/api/reviews' }) },
  'POST /api/reviews': { as: ownerOnly, probe: () => ({ url: '/api/reviews', body: { kind: 'all' } }) },
  'GET /api/reviews/:id': { as: guardians, probe: async () => ({ url: `/api/reviews/${await openReview()}` }) },
  'POST /api/reviews/:id/decide': {
    as: ownerOnly,
    probe: async () => ({
      url: `/api/reviews/${await openReview()}/decide`,
      body: { staffId: it.house.actors.consultantB.staffId, role: 'salesConsultant', decision: 'keep' },
    }),
  },
  // Not decided and not due.
  'POST /api/reviews/:id/close': {
    as: { ...ownerOnly, owner: 'version_conflict' },
    probe: async () => ({ url: `/api/reviews/${await openReview()}/close` }),
  },
  'GET /api/programs': { as: guardians, probe: () => ({ url: '/api/programs' }) },
  'POST /api/programs': { as: ownerOnly, probe: () => ({ url: '/api/programs', body: programDraft() }) },
  'POST /api/programs/:id/tokens': {
    as: ownerOnly,
    probe: async () => ({ url: `/api/programs/${await program()}/tokens`, body: { readOnly: true, addresses: [], days: 1 } }),
  },
  'DELETE /api/tokens/:id': {
    as: ownerOnly,
    probe: async () => {
      const body = { readOnly: true, addresses: [], days: 1 }
      const made = await it.send('owner', 'POST', `/api/programs/${await program()}/tokens`, body)
      return { url: `/api/tokens/${made.json<{ id: string }>().id}` }
    },
  },
  'GET /api/emergencies': { as: all, probe: () => ({ url: '/api/emergencies' }) },
  'POST /api/emergencies': {
    as: crm,
    probe: async () => {
      await endEmergencies()
      return { url: '/api/emergencies', body: emergencyDraft() }
    },
  },
  'POST /api/emergencies/:id/decide': {
    as: { owner: 'ok', manager: 'ok', consultantA: 'not_found', auditor: 'not_found' },
    probe: async () => ({ url: `/api/emergencies/${await emergency()}/decide`, body: { verdict: 'approve' } }),
  },
  // It has not even begun.
  'POST /api/emergencies/:id/review': {
    as: { owner: 'not_found', manager: 'not_found', consultantA: 'not_found', auditor: 'not_found' },
    probe: async () => ({ url: `/api/emergencies/${await emergency()}/review`, body: { verdict: 'justified' } }),
  },
  'GET /api/dengbao': { as: guardians, probe: () => ({ url: '/api/dengbao' }) },
  'PUT /api/dengbao': { as: ownerOnly, probe: () => ({ url: '/api/dengbao', body: { on: false } }) },
  'GET /api/catalogue': { as: all, probe: () => ({ url: '/api/catalogue' }) },
  'POST /api/imports': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: () => ({ url: '/api/imports?kind=csv', body: csv, headers: { 'content-type': 'application/octet-stream' } }),
  },
  'POST /api/imports/:id/read': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: `/api/imports/${(await stageAs(who)).id}/read`, body: { headerLine: 1 } }),
  },
  'POST /api/imports/:id/preview': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => {
      const { id, mapping } = await stageAs(who)
      return { url: `/api/imports/${id}/preview`, body: { mapping } }
    },
  },
  'POST /api/imports/:id/start': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => {
      const { id, mapping } = await stageAs(who)
      return { url: `/api/imports/${id}/start`, body: { mapping, storeId: it.house.stores.north.id, onDuplicate: 'skip' } }
    },
  },
  'GET /api/imports/:id': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: `/api/imports/${(await stageAs(who)).id}` }),
  },
  'POST /api/imports/:id/cancel': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => ({ url: `/api/imports/${(await stageAs(who)).id}/cancel` }),
  },
  'GET /api/imports/:id/refused': {
    as: { ...crm, consultantA: 'forbidden' },
    probe: async (who) => {
      const { id, mapping } = await stageAs(who)
      const as = who === 'auditor' || who === 'consultantA' ? 'owner' : who
      await it.send(as, 'POST', `/api/imports/${id}/start`, { mapping, storeId: it.house.stores.north.id, onDuplicate: 'skip' })
      return { url: `/api/imports/${id}/refused` }
    },
  },
  'GET /api/erasures': { as: guardians, probe: () => ({ url: '/api/erasures' }) },
  'GET /api/erasures/:subject/certificate.json': {
    as: guardians,
    probe: async () => ({ url: `/api/erasures/${await erased()}/certificate.json` }),
  },
  'GET /api/erasures/:subject/certificate.pdf': {
    as: guardians,
    probe: async () => ({ url: `/api/erasures/${await erased()}/certificate.pdf` }),
  },
  'POST /api/erasures/verify': { as: guardians, probe: () => ({ url: '/api/erasures/verify', body: { subject: 1, audit: [] } }) },
  'GET /api/keys': {
    as: { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'ok' },
    probe: () => ({ url: '/api/keys' }),
  },
  'POST /api/keys/rotate': { as: ownerOnly, probe: async () => (await idle(), { url: '/api/keys/rotate' }) },
  'POST /api/keys/reseal': { as: ownerOnly, probe: async () => (await idle(), { url: '/api/keys/reseal', body: { suite: 2 } }) },
  'POST /api/keys/reindex': { as: ownerOnly, probe: async () => (await idle(), { url: '/api/keys/reindex' }) },
  'POST /api/keys/verify': { as: ownerOnly, probe: async () => (await idle(), { url: '/api/keys/verify' }) },
  'GET /api/jobs': { as: all, probe: () => ({ url: '/api/jobs' }) },
  'GET /api/jobs/:id': { as: { ...all, consultantA: 'not_found' }, probe: async () => ({ url: `/api/jobs/${await job()}` }) },
  'GET /api/jobs/:id/records': { as: crm, probe: async (who) => ({ url: `/api/jobs/${await job('done', who)}/records` }) },
  // Who reads jobs and did not start this one sees it, and may not steer it; who does not read jobs has only their own.
  'POST /api/jobs/:id/cancel': { as: steer, probe: async () => ({ url: `/api/jobs/${await job()}/cancel` }) },
  'POST /api/jobs/:id/pause': { as: steer, probe: async () => ({ url: `/api/jobs/${await job('queued')}/pause` }) },
  'POST /api/jobs/:id/resume': { as: steer, probe: async () => ({ url: `/api/jobs/${await job('paused')}/resume` }) },
  'POST /api/jobs/:id/undo': { as: steer, probe: async () => ({ url: `/api/jobs/${await noted()}/undo` }) },
  'GET /api/certificate': {
    as: { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'ok' },
    probe: () => ({ url: '/api/certificate' }),
  },
  'GET /api/backups': {
    as: { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'ok' },
    probe: () => ({ url: '/api/backups' }),
  },
  'POST /api/backups': { as: ownerOnly, probe: async () => (await idle(), { url: '/api/backups' }) },
  'GET /api/audit': {
    as: { owner: 'ok', manager: 'not_found', consultantA: 'not_found', auditor: 'ok' },
    probe: () => ({ url: '/api/audit' }),
  },
}

/** Routes that ask nobody who they are; each has its own tests. */
const open = [
  'GET /api/state',
  'POST /api/setup',
  'POST /api/setup/prove',
  'GET /api/doctor',
  'POST /api/unseal',
  'POST /api/shared/open',
  'POST /api/shared/file',
  'POST /api/session',
  'POST /api/session/passkey/options',
  'POST /api/session/passkey',
  'GET /api/lock',
  'POST /api/session/unlock/options',
  'POST /api/session/unlock',
  'POST /api/device/forget',
  'POST /api/session/sso',
  'POST /api/session/sso/finish',
  'POST /api/session/sso/code',
  'POST /api/join/look',
  'POST /api/join/options',
  'POST /api/join',
  'POST /api/backups/stream',
  'POST /api/backups/written',
]

test('every route is in the table', () => {
  const routes = it.routes.map((route) => `${route.method} ${route.path}`)
  expect(routes.filter((route) => !open.includes(route) && !routeTruth[route])).toEqual([])
  expect(Object.keys(routeTruth).filter((route) => !routes.includes(route))).toEqual([])
  // And nothing is mounted beside the list but what operators' tools ask.
  const mounted = [...it.app.printRoutes({ commonPrefix: false }).matchAll(/(\/\S*) \(/g)].map((match) => match[1]!)
  expect(mounted.length).toBeGreaterThan(10)
  expect(operationPaths).toEqual(['/livez', '/readyz', '/metrics', '/api/openapi.json'])
})

test.each(Object.keys(routeTruth))('%s', async (route) => {
  const truth = routeTruth[route]!
  const method = route.split(' ')[0]!
  for (const who of actors) {
    const { url, body, headers } = await truth.probe(who)
    const stranger = await send(null, method, url, body, { ...headers, cookie: '', 'x-csrf-token': '' })
    expect(['stranger', codeOf(stranger)]).toEqual(['stranger', 'not_signed_in'])
    const answer = await send(who, method, url, body, headers)
    expect([who, answer.statusCode >= 200 && answer.statusCode < 300 ? 'ok' : codeOf(answer)]).toEqual([who, truth.as[who]])
  }
})

test('routes for strangers say nothing of customers', async () => {
  expect((await send(null, 'GET', '/api/state')).json()).toEqual({ phase: 'ready', version: 'test', languages: [], provider: 'file' })
  expect(codeOf(await send(null, 'GET', '/api/doctor'))).toBe('not_found')
  // Over the local socket only: not even for the owner in a browser.
  for (const who of [null, 'owner'] as const) {
    expect(codeOf(await send(who, 'POST', '/api/backups/stream'))).toBe('not_found')
    expect(codeOf(await send(who, 'POST', '/api/backups/written', { at: '', name: '', folder: '', bytes: 0 }))).toBe('not_found')
  }
  expect(codeOf(await send(null, 'POST', '/api/setup/prove', { shares: ['x'] }))).toBe('setup_link_invalid')
  expect(codeOf(await send('manager', 'POST', '/api/setup/prove', { shares: ['x'] }))).toBe('setup_link_invalid')
  expect(codeOf(await send('owner', 'POST', '/api/setup/prove', { shares: ['x'] }))).toBe('shares_invalid')
  expect(codeOf(await send(null, 'POST', '/api/unseal', { passphrase: 'x' }))).toBe('not_found')
})
