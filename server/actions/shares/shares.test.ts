import { Decrypter } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../../test/support/app.ts'
import { runJob } from '../../jobs/runJob.ts'

let it: TestApp
let id: string
let south: string

beforeAll(async () => {
  it = await testApp()
  const { house } = it
  const values = {
    name: '罗雅琴',
    phones: ['+8613800138000'],
    addresses: ['上海市静安区南京西路1266号'],
    notes: '不可外传',
    ownerId: house.actors.manager.staffId,
  }
  id = (await house.addCustomers([values]))[0]!.id
  south = (await house.addCustomers([{ name: '南店客', storeId: house.stores.south.id, ownerId: house.actors.consultantB.staffId }]))[0]!.id
})
afterAll(() => it.close())

type Made = { id: string; token: string; pin: string; expiresAt: string }
const make = (who: Who, over: object = {}) =>
  it.send(who, 'POST', '/api/shares', {
    kind: 'customer',
    target: id,
    fields: ['name', 'phones'],
    recipient: { name: '安装队老周', contact: '13900001111' },
    days: 7,
    language: 'zh',
    ...over,
  })
const made = async (over: object = {}): Promise<Made> => {
  const answer = await make('manager', over)
  expect(answer.statusCode).toBe(201)
  return answer.json<Made>()
}
const open = ({ token, pin }: { token: string; pin: string }, path = 'open') => it.send(null, 'POST', `/api/shared/${path}`, { token, pin })
const codeOf = (answer: { json: <T>() => T }): string => answer.json<{ code: string }>().code
const wrong = (pin: string): string => String((Number(pin) + 1) % 1_000_000).padStart(6, '0')
type Line = { id: string; state: string; recipient: { name: string }; openings: { outcome: string; from: string | null }[] }
const lines = async (who: Who): Promise<Line[]> => (await it.send(who, 'GET', '/api/shares')).json<{ items: Line[] }>().items
const run = (job: string) =>
  runJob(job, {
    parts: it.parts,
    connect: it.house.db.database.connect as never,
    signal: new AbortController().signal,
    onFault: (_id, error) => {
      throw error
    },
  })

test('a link shows the chosen fields to who has it and its PIN, names both on the page, and its maker sees who opened it', async () => {
  const link = await made()
  expect(link.pin).toMatch(/^\d{6}$/)
  const shown = await open(link)
  expect(shown.statusCode).toBe(200)
  expect(shown.headers['cache-control']).toContain('no-store')
  const { items, watermark } = shown.json<{ items: unknown[]; watermark: string }>()
  expect(items).toEqual([
    { label: '姓名', values: ['罗雅琴'] },
    { label: '电话', values: ['13800138000'] },
  ])
  expect(watermark).toContain('安装队老周')
  expect(watermark).toContain('员工dianzhang（dianzhang）')
  expect(shown.body).not.toContain('不可外传')
  const line = (await lines('manager')).find((one) => one.id === link.id)!
  expect(line).toMatchObject({ state: 'open', recipient: { name: '安装队老周' }, openings: [{ outcome: 'opened' }] })
  expect(line.openings[0]!.from).toMatch(/\d/)
  // At rest: neither the token, nor the PIN, nor who it is for.
  const { rows } = await it.house.db.owner.query<Record<string, unknown>>('select * from share where id = $1', [link.id])
  const stored = Buffer.concat(Object.values(rows[0]!).map((one) => (Buffer.isBuffer(one) ? one : Buffer.from(String(one)))))
  for (const secret of [link.token, link.pin, '老周']) expect(stored.includes(secret)).toBe(false)
  const entries = await it.house.audit.find({ actions: ['share_open'], limit: 50 })
  expect(entries[0]).toMatchObject({ entity: 'customer', ids: [id], fields: ['name', 'phones'], outcome: 'done', staffId: null })
})

test('what may not leave is not shared: hidden and unknown fields, another store, and by nobody without the right', async () => {
  for (const fields of [['name', 'referrerId'], ['nonsense'], ['constructor']])
    expect(codeOf(await make('manager', { fields }))).toBe('unknown_key')
  expect(codeOf(await make('manager', { target: south }))).toBe('not_found')
  expect(codeOf(await make('manager', { fields: [] }))).toBe('input_invalid')
  expect(codeOf(await make('manager', { days: 31 }))).toBe('input_invalid')
  expect(codeOf(await make('consultantA'))).toBe('forbidden')
  expect(codeOf(await make('auditor'))).toBe('not_found')
})

test('a wrong PIN is refused, noted, and from the fifth on whoever guesses waits; an unknown link and one that ended are one answer', async () => {
  const link = await made()
  for (let n = 0; n < 4; n += 1) expect(codeOf(await open({ token: link.token, pin: wrong(link.pin) }))).toBe('pin_wrong')
  await open({ token: link.token, pin: wrong(link.pin) })
  const answer = await open({ token: link.token, pin: wrong(link.pin) })
  expect([codeOf(answer), Number(answer.headers['retry-after']) > 0]).toEqual(['throttled', true])
  // Nor does the right one help while the pause lasts.
  expect(codeOf(await open(link))).toBe('throttled')
  expect((await lines('manager')).find((one) => one.id === link.id)!.openings.map(({ outcome }) => outcome)).toContain('pin_wrong')

  const bare = (one: Awaited<ReturnType<typeof open>>) => ({ ...one.json<object>(), requestId: '' })
  const ended = await made()
  await it.send('manager', 'POST', `/api/shares/${ended.id}/recall`)
  const unknown = await open({ token: 'A'.repeat(43), pin: '000000' })
  expect(bare(await open(ended))).toEqual(bare(unknown))
  expect(bare(await open({ token: 'x', pin: '000000' }))).toEqual(bare(unknown))
})

test('a link is taken back by who made it or by who could have agreed, and by nobody else', async () => {
  const link = await made()
  expect((await it.send('consultantA', 'POST', `/api/shares/${link.id}/recall`)).statusCode).toBe(404)
  expect((await lines('consultantA')).some((one) => one.id === link.id)).toBe(false)
  expect((await it.send('owner', 'POST', `/api/shares/${link.id}/recall`)).statusCode).toBe(204)
  expect(codeOf(await open(link))).toBe('link_gone')
  expect((await lines('manager')).find((one) => one.id === link.id)!.state).toBe('recalled')
})

test('it dies with its time, with its maker’s leaving, with the customer’s way out of their reach, and with the customer', async () => {
  const { owner } = it.house.db
  const { manager } = it.house.actors
  // The end is under a MAC: set later behind our back, the link is none.
  const late = await made()
  await owner.query("update share set expires_at = expires_at + interval '1 year' where id = $1", [late.id])
  expect(codeOf(await open(late))).toBe('link_gone')

  const link = await made()
  await owner.query('update staff set active = false where id = $1', [manager.staffId])
  expect(codeOf(await open(link))).toBe('link_gone')
  await owner.query('update staff set active = true where id = $1', [manager.staffId])
  expect((await open(link)).statusCode).toBe(200)

  const [gone] = await it.house.addCustomers([{ name: '将离开', ownerId: manager.staffId }])
  const to = await made({ target: gone!.id })
  await it.send('owner', 'PATCH', `/api/customers/${gone!.id}`, {
    version: 1,
    storeId: it.house.stores.south.id,
    ownerId: it.house.actors.consultantB.staffId,
  })
  expect(codeOf(await open(to))).toBe('link_gone')

  const [erased] = await it.house.addCustomers([{ name: '将抹除', ownerId: manager.staffId }])
  const of = await made({ target: erased!.id })
  await it.send('owner', 'POST', `/api/customers/${erased!.id}/erase`, { version: 1, reason: '客户要求' })
  expect(codeOf(await open(of))).toBe('link_gone')
})

test('an export is shared while its file lies there: three times, closed, by who made it only', async () => {
  const body = {
    entity: 'customer',
    select: { ids: [id] },
    fields: ['name'],
    format: 'csv',
    purpose: 'campaign',
    language: 'zh',
  }
  const { exportId } = (await it.send('manager', 'POST', '/api/exports', body)).json<{ exportId: string }>()
  const over = { kind: 'export', target: exportId, fields: undefined, days: 30 }
  expect(codeOf(await make('manager', over))).toBe('export_gone')
  await run(exportId)
  const { passphrase } = (await it.send('manager', 'POST', `/api/exports/${exportId}/passphrase`)).json<{ passphrase: string }>()
  expect(codeOf(await make('owner', over))).toBe('not_found')
  const link = await made(over)
  expect(Date.parse(link.expiresAt) - Date.now()).toBeLessThan(24 * 3_600_000 + 1)
  expect((await open(link)).json<{ file: object }>().file).toMatchObject({ rows: 1, lock: 'age', fetchesLeft: 3 })
  expect(codeOf(await open({ token: link.token, pin: wrong(link.pin) }, 'file'))).toBe('pin_wrong')
  for (let n = 0; n < 3; n += 1) {
    const file = await open(link, 'file')
    expect(file.statusCode).toBe(200)
    const age = new Decrypter()
    age.addPassphrase(passphrase)
    if (n === 0) expect(await age.decrypt(new Uint8Array(file.rawPayload), 'text')).toContain('罗雅琴')
  }
  expect(codeOf(await open(link, 'file'))).toBe('link_gone')
  await it.send('manager', 'POST', `/api/exports/${exportId}/recall`)
  expect(codeOf(await open(link))).toBe('link_gone')
})
