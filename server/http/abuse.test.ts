import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../test/support/app.ts'
import type { RowOf } from '../store/records.ts'

let it: TestApp
let mine: RowOf<'customer'>
const secret = '静安寺路一九三弄二号'
beforeAll(async () => {
  it = await testApp()
  mine = (await it.house.addCustomers([{ addresses: [secret], name: '周暖' }]))[0]!
})
afterAll(() => it.close())

type Body = {
  code?: string
  details?: Record<string, unknown>
  current?: { version: number; name: string }
  reasons?: { reason: string; detail?: string }[]
}
const draft = (over: object = {}) => ({
  name: '新客',
  kind: 'household',
  phones: [],
  emails: [],
  tags: [],
  storeId: it.house.stores.north.id,
  ...over,
})

test.each([
  ['a masked phone', { phones: ['••••8000'] }, 'masked_input'],
  ['a masked name', { name: '周••••' }, 'masked_input'],
  ['a masked value as it is sent', { phones: [{ masked: '••••8000' }] }, 'input_invalid'],
  ['an unknown key', { nickname: 'x' }, 'unknown_key'],
  ['the subject number', { subject: 1 }, 'unknown_key'],
  ["an id of one's own", { id: '01900000-0000-7000-8000-000000000000' }, 'unknown_key'],
  ['a wrong type', { name: 5 }, 'input_invalid'],
  ['a list for a text', { name: ['x'] }, 'input_invalid'],
  ['5,000 characters', { name: '名'.repeat(5_000) }, 'input_invalid'],
  ['NUL', { name: 'a\u0000b' }, 'input_invalid'],
  ['a store that does not exist', { storeId: '01900000-0000-7000-8000-000000000000' }, 'input_invalid'],
])('refused with a clear code, and nothing is stored: %s', async (_what, over, code) => {
  const count = async () => (await it.house.db.owner.query<{ n: number }>('select count(*)::int as n from customers')).rows[0]!.n
  const before = await count()
  const answer = await it.send('owner', 'POST', '/api/customers', draft(over))
  expect(answer.json<Body>().code).toBe(code)
  expect(answer.body).not.toContain('名名')
  expect(await count()).toBe(before)
})

test.each(['storeId', 'ownerId'])('a reference to nothing names its field: %s', async (field) => {
  const answer = await it.send('owner', 'POST', '/api/customers', draft({ [field]: '01900000-0000-7000-8000-000000000000' }))
  expect(answer.json<Body>()).toMatchObject({ code: 'input_invalid', details: { problems: [{ field, problem: 'bad_reference' }] } })
})

test('nobody is who introduced them', async () => {
  const [one] = await it.house.addCustomers([{}])
  const answer = await it.send('owner', 'PATCH', `/api/customers/${one!.id}`, { version: 1, referrerId: one!.id })
  expect(answer.json<Body>()).toMatchObject({
    code: 'input_invalid',
    details: { problems: [{ field: 'referrerId', problem: 'bad_reference' }] },
  })
})

test('staff are not hired into a store that is not there', async () => {
  const hire = { login: 'neu', name: '新人', roles: ['salesConsultant'], storeIds: ['01900000-0000-7000-8000-000000000000'] }
  const answer = await it.send('owner', 'POST', '/api/staff', hire)
  expect(answer.json<Body>()).toMatchObject({
    code: 'input_invalid',
    details: { problems: [{ field: 'storeIds', problem: 'bad_reference' }] },
  })
  expect((await it.house.db.owner.query("select from staff where login = 'neu'")).rowCount).toBe(0)
})

test.each(['text/plain', 'application/octet-stream', 'text/csv', 'application/x-www-form-urlencoded'])(
  'a JSON route takes no %s',
  async (type) => {
    for (const url of ['/api/customers', '/api/customers/batch', '/api/session']) {
      const answer = await it.send('owner', 'POST', url, JSON.stringify(draft()), { 'content-type': type })
      expect([answer.statusCode, answer.json<Body>().code]).toEqual([415, 'unsupported_media'])
    }
  },
)

test.each(['+275000-01-01', '-000001-01-01', '0000-01-01', 'x'])('the log is not asked for an instant that is none: %s', async (from) => {
  const answer = await it.send('owner', 'GET', `/api/audit?from=${encodeURIComponent(from)}`)
  expect(answer.json<Body>()).toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'from', problem: 'format' }] } })
})

test('columns named like what every object has are columns, and an import into nowhere is refused before it starts', async () => {
  const file = Buffer.from('姓名,电话,__proto__,constructor,toString\n甲,13800138000,1,2,3\n')
  const staged = await it.send('owner', 'POST', '/api/imports?kind=csv', file, { 'content-type': 'text/csv' })
  const { id, mapping } = staged.json<{ id: string; mapping: Record<string, string | null> }>()
  expect(mapping).toEqual({ 姓名: 'name', 电话: 'phones', '#3': null, constructor: null, toString: null })
  const start = async (over: object) =>
    it.send('owner', 'POST', `/api/imports/${id}/start`, { mapping, storeId: it.house.stores.north.id, onDuplicate: 'skip', ...over })
  const nobody = '01900000-0000-7000-8000-000000000000'
  for (const [field, value] of [
    ['storeId', 'x'],
    ['storeId', '\u0000'],
    ['storeId', nobody],
    ['ownerId', 'x'],
    ['ownerId', nobody],
  ] as const) {
    const answer = await start({ [field]: value })
    expect(answer.json<Body>()).toMatchObject({ code: 'input_invalid', details: { problems: [{ field, problem: 'bad_reference' }] } })
  }
  // Only the columns that are meant need to be named.
  expect((await start({ mapping: { 姓名: 'name', 电话: 'phones' } })).json()).toMatchObject({ id, state: 'queued' })
})

test.each(['𠮷野家 㐂', '👨‍👩‍👧 Müller', 'محمد', 'O\'Brien "the" <b>&'])('rare characters come back as they went in: %s', async (name) => {
  const answer = await it.send('owner', 'POST', '/api/customers', draft({ name }))
  expect(answer.json()).toMatchObject({ name })
})

test('two people edit one record: the second is told, and shown what it is now', async () => {
  const edit = (name: string) => it.send('consultantA', 'PATCH', `/api/customers/${mine.id}`, { version: 1, name })
  const answers = await Promise.all([edit('周暖一'), edit('周暖二')])
  const [won, lost] = answers.toSorted((a, b) => a.statusCode - b.statusCode)
  expect([won!.statusCode, lost!.statusCode]).toEqual([200, 409])
  expect(lost!.json<Body>()).toMatchObject({
    code: 'version_conflict',
    current: { version: 2, name: won!.json<Body & { name: string }>().name },
  })
})

test('an answer carries the position of its write, and a list that names it shows the write', async () => {
  const made = await it.send('owner', 'POST', '/api/customers', draft({ name: '欧阳随即可见' }))
  const position = String(made.headers['x-anechoic-position'])
  expect(Number(position)).toBeGreaterThan(0)
  const list = await it.send('owner', 'GET', `/api/customers?q=${encodeURIComponent('随即可见')}`, undefined, {
    'x-anechoic-position': position,
  })
  expect(list.json()).toMatchObject({ total: 1 })
})

test("a consultant neither moves a customer to another store nor takes over somebody else's", async () => {
  const [theirs] = await it.house.addCustomers([{ name: '别人的', ownerId: it.house.actors.manager.staffId }])
  const take = await it.send('consultantA', 'PATCH', `/api/customers/${theirs!.id}`, {
    version: 1,
    ownerId: it.house.actors.consultantA.staffId,
  })
  expect(take.json<Body>().code).toBe('forbidden')
  const move = await it.send('consultantA', 'PATCH', `/api/customers/${mine.id}`, { version: 2, storeId: it.house.stores.south.id })
  expect(move.json<Body>().code).toBe('forbidden')
  const { rows } = await it.house.db.owner.query<{ owner_id: string }>('select owner_id from customers where id = $1', [theirs!.id])
  expect(rows[0]!.owner_id).toBe(it.house.actors.manager.staffId)
})

test('a reveal needs a reason, `other` needs words, and the words are sealed', async () => {
  const reveal = (body: object) => it.send('manager', 'POST', `/api/customers/${mine.id}/reveal`, { fields: ['phones'], ...body })
  expect((await reveal({})).json<Body>().code).toBe('reason_required')
  expect((await reveal({ reason: 'other' })).json<Body>().code).toBe('reason_required')
  expect((await reveal({ reason: 'because' })).json<Body>().code).toBe('input_invalid')
  expect((await reveal({ reason: 'other', note: '他在门口等' })).statusCode).toBe(200)
  const { rows } = await it.house.db.owner.query<{ text: string }>("select encode(leaf, 'escape') as text from audit.entry")
  expect(rows.map((row) => row.text).join()).not.toContain('门口')
})

test('the daily budget of reveals counts customers, by the log, and who goes past it is on record', async () => {
  const many = await it.house.addCustomers(
    Array.from({ length: 32 }, (_, i) => ({ name: `客${i}`, ownerId: it.house.actors.manager.staffId })),
  )
  const reveal = async (id: string) =>
    (await it.send('consultantA', 'POST', `/api/customers/${id}/reveal`, { fields: ['phones'], reason: 'quote' })).json<
      Body & { remaining?: number }
    >()
  const answers = await Promise.all(many.slice(0, 30).map(({ id }) => reveal(id)))
  expect(Math.min(...answers.map((answer) => answer.remaining ?? -1))).toBe(0)
  const past = async (): Promise<(readonly string[])[]> =>
    (await it.parts.audit.entriesOfActor(it.house.actors.consultantA.staffId, { actions: ['over_budget'] })).map(({ ids }) => ids)
  expect(await past()).toEqual([])
  expect(await reveal(many[30]!.id)).toMatchObject({ remaining: 0 })
  expect(await past()).toEqual([[many[30]!.id]])
  // What was opened today already stays open.
  expect(await reveal(many[0]!.id)).toMatchObject({ remaining: 0 })
  // However often: looking at it again does not push the others out of the count.
  const again = {
    actor: it.house.actors.consultantA,
    action: 'reveal',
    entity: 'customer',
    ids: [many[0]!.id],
    subjects: [many[0]!.subject],
    outcome: 'done',
  } as const
  await Promise.all(Array.from({ length: 600 }, () => it.parts.audit.append(again)))
  expect(await reveal(many[31]!.id)).toMatchObject({ remaining: 0 })
  expect(await past()).toEqual([[many[31]!.id], [many[30]!.id]])
})

test('a consent is of now or before, and of whoever writes it down: else it could not be withdrawn', async () => {
  const say = (over: object) =>
    it.send('consultantA', 'POST', `/api/customers/${mine.id}/consents`, { channel: 'sms', state: 'given', how: 'spoken', ...over })
  for (const over of [{ happenedAt: '2199-12-31T23:59:59.999Z' }, { staffId: it.house.actors.manager.staffId }])
    expect((await say(over)).json<Body>().code).toBe('input_invalid')
  expect((await say({ happenedAt: '2026-01-01T00:00:00.000Z' })).statusCode).toBe(201)
})

test('who tries what is not theirs to do is on record, at the door too', async () => {
  await it.send('consultantA', 'POST', `/api/customers/${mine.id}/erase`, { version: 1, reason: '本人要求' })
  await it.send('consultantA', 'GET', '/api/audit')
  await it.send('auditor', 'POST', '/api/backups', {})
  const refused = async (who: 'consultantA' | 'auditor') =>
    (await it.house.audit.entriesOfActor(it.house.actors[who].staffId, { limit: 200 })).filter(({ outcome }) => outcome === 'refused')
  expect((await refused('consultantA')).map(({ action }) => action)).toEqual(expect.arrayContaining(['erase', 'audit_read']))
  expect((await refused('auditor')).map(({ action }) => action)).toContain('backup_create')
})

test.each([
  ['POST', '/api/customers/abc/conversations', { days: [{ happenedAt: '2026-01-01T00:00:00.000Z', text: 'x' }] }, 404],
  ['PUT', '/api/me/preferences/list.customers', { value: {}, version: 3_000_000_000 }, 400],
  ['POST', '/api/erasures/verify', { subject: 1, audit: [{ index: { toString: 1 } }], seal: { value: { toString: 1 } } }, 200],
] as const)('%s %s with strange input is answered, and is no fault', async (method, path, body, status) => {
  expect((await it.send('owner', method, path, body)).statusCode).toBe(status)
})

test('a tampered record is not served, and says nothing of itself', async () => {
  const [victim, other] = await it.house.addCustomers([{ name: '甲' }, { name: '乙' }])
  await it.house.db.owner.query(
    'update customers set sealed_personal = (select sealed_personal from customers where id = $2) where id = $1',
    [victim!.id, other!.id],
  )
  const answer = await it.send('owner', 'GET', `/api/customers/${victim!.id}`)
  expect([answer.statusCode, answer.json<Body>().code]).toEqual([500, 'envelope_invalid'])
  expect(answer.json<Body>().details).toEqual({})
  // It can be erased, so that lists it may stand on open again.
  expect((await it.send('owner', 'POST', `/api/customers/${victim!.id}/erase`, { version: 1, reason: '损坏' })).statusCode).toBe(200)
})

test('with the log unwritable nothing personal is served, and /readyz says why', async () => {
  const { owner } = it.house.db
  const role = (await it.house.db.database.pool.query<{ me: string }>('select current_user as me')).rows[0]!.me
  const asked = () =>
    Promise.all([
      it.send('owner', 'GET', '/api/customers'),
      it.send('owner', 'GET', '/api/customers?q=周'),
      it.send('owner', 'GET', `/api/customers/${mine.id}`),
      it.send('owner', 'POST', `/api/customers/${mine.id}/reveal`, { fields: ['addresses'], reason: 'visit' }),
      it.send('owner', 'GET', `/api/customers/${mine.id}/privacy`),
      it.send('owner', 'GET', '/api/staff'),
      it.send('owner', 'GET', '/api/audit'),
    ])
  await it.headersOf('owner')
  await owner.query(`revoke insert on audit.entry from "${role}"`)
  try {
    for (const answer of await asked()) {
      expect([answer.statusCode, answer.json<Body>().code]).toEqual([503, 'audit_unavailable'])
      expect(answer.body).not.toMatch(/周|静安寺|\+86/)
    }
    const created = await it.send('owner', 'POST', '/api/customers', draft({ name: '不会有的' }))
    expect(created.statusCode).toBeGreaterThanOrEqual(500)
    const ready = await it.send(null, 'GET', '/readyz')
    expect([ready.statusCode, ready.json<Body>().reasons]).toEqual([503, [{ reason: 'audit', detail: 'not_writable' }]])
  } finally {
    await owner.query(`grant insert on audit.entry to "${role}"`)
  }
  for (const answer of await asked()) expect(answer.statusCode).toBe(200)
  const { rows } = await owner.query('select 1 from customers where sealed_personal is not null')
  expect(rows.length).toBeGreaterThan(0)
  expect((await it.send(null, 'GET', '/readyz')).statusCode).toBe(200)
})

test('no log line of all this holds a value', () => {
  const logged = it.lines.join('')
  expect(logged.length).toBeGreaterThan(1_000)
  expect(logged).not.toMatch(/静安寺|周暖|门口|\+86|filter\[|quiet-room/)
})
