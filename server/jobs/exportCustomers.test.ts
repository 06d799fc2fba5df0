import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { parse } from 'csv-parse/sync'
import { readXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../test/support/app.ts'
import { expireExports } from '../store/exportTable.ts'
import { Stopped } from './job.ts'
import { runJob } from './runJob.ts'

let it: TestApp
let ids: string[]
let others: string[]
let south: string[]
let folder: string

const run = (id: string, faults: unknown[] = [], signal: AbortSignal = new AbortController().signal) =>
  runJob(id, {
    parts: it.parts,
    connect: it.house.db.database.connect as never,
    signal,
    onFault: (_id, error) => void faults.push(error),
  })

const people = ['=cmd|calc', '+王', '张三', '李四']

beforeAll(async () => {
  it = await testApp()
  folder = await mkdtemp(join(tmpdir(), 'anechoic-export-test-'))
  const { house } = it
  const manager = house.actors.manager.staffId
  const made = await house.addCustomers(
    people.map((name, n) => ({
      name,
      ownerId: manager,
      phones: [`+861380013800${n}`, `+85291234${560 + n}`],
      emails: [`p${n}@example.com`],
      wechatIds: [`wx_${n}_a`, `wx_${n}_b`],
      addresses: [`上海市静安区南京西路${n + 1}号`, `上海市黄浦区淮海中路${n + 1}号`],
      tags: ['老客', '重点'],
      facts: n === 0 ? '两只猫' : null,
      notes: n === 1 ? '-备注\n第二行' : null,
      source: 'referral' as const,
      basis: 'contract' as const,
    })),
  )
  ids = made.map(({ id }) => id)
  others = (await house.addCustomers(Array.from({ length: 205 }, (_, n) => ({ name: `众人${n}`, phones: [] })))).map(({ id }) => id)
  south = (await house.addCustomers([{ name: '南店客', storeId: house.stores.south.id, ownerId: house.actors.consultantB.staffId }])).map(
    ({ id }) => id,
  )
  const newest = await house.db.owner.query<{ id: number }>("select max(id)::int as id from audit.entry where action = 'create'")
  await it.parts.search.waitFor(newest.rows[0]!.id)
})
afterAll(async () => {
  await it.close()
  await rm(folder, { recursive: true, force: true })
})

const every = [
  'name',
  'kind',
  'phones',
  'emails',
  'wechatIds',
  'addresses',
  'storeId',
  'ownerId',
  'tags',
  'facts',
  'notes',
  'source',
  'basis',
]
const body = (over: object = {}) => ({
  entity: 'customer',
  select: { ids },
  fields: every,
  format: 'csv',
  purpose: 'campaign',
  language: 'zh',
  ...over,
})
type Preview = {
  exportId: string
  count: number
  refused: { count: number; reasons: Record<string, number> }
  columns: { name: string; open: number; masked: number }[]
  approval: { needed: boolean; others: number; self: boolean }
  quota: { rowsLeft: number; filesLeft: number }
}
const ask = async (who: Who, over: object = {}) => it.send(who, 'POST', '/api/exports', body(over))
const previewOf = async (who: Who, over: object = {}) =>
  (await it.send(who, 'POST', '/api/exports/preview', body(over))).json<Preview & { code: string }>()
const begin = async (who: Who, over: object = {}): Promise<string> => {
  const answer = await ask(who, over)
  expect(answer.statusCode).toBe(200)
  return answer.json<Preview>().exportId
}
const codeOf = (answer: { json: <T>() => T }): string => answer.json<{ code: string }>().code
const status = async (who: Who, id: string) => (await it.send(who, 'GET', `/api/exports/${id}`)).json<Record<string, unknown>>()
const passphraseOf = async (who: Who, id: string): Promise<string> =>
  (await it.send(who, 'POST', `/api/exports/${id}/passphrase`)).json<{ passphrase: string }>().passphrase
const fileOf = async (who: Who, id: string): Promise<Buffer> => {
  const answer = await it.send(who, 'GET', `/api/exports/${id}/file`)
  expect(answer.statusCode).toBe(200)
  return answer.rawPayload
}
const unlock = async (file: Buffer, passphrase: string): Promise<string> => {
  const age = new Decrypter()
  age.addPassphrase(passphrase)
  return age.decrypt(new Uint8Array(file), 'text')
}
const entries = async (action: string) => it.house.audit.find({ actions: [action], limit: 500, withDetail: true })

test('a small export is made at once: closed by a passphrase shown once, and the log names everybody in it', async () => {
  const id = await begin('manager')
  await run(id)
  expect(await status('manager', id)).toMatchObject({
    state: 'ready',
    exported: 4,
    missing: 0,
    downloadsLeft: 3,
    hasPassphrase: true,
    approval: null,
  })
  const file = await fileOf('manager', id)
  expect(file.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
  const passphrase = await passphraseOf('manager', id)
  expect(passphrase).toMatch(/^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$/)
  // Once: then nobody knows it but who wrote it down.
  expect(codeOf(await it.send('manager', 'POST', `/api/exports/${id}/passphrase`))).toBe('export_gone')
  const text = await unlock(file, passphrase)
  const rows: string[][] = parse(text, { bom: true })
  expect(rows[0]).toEqual('姓名,类型,电话,邮箱,微信号,地址,门店,负责人,标签,要点,备注,来源,处理依据,导出水印'.split(','))
  const hacked = rows.find((row) => row[0]!.includes('cmd'))!
  expect(hacked[0]).toBe("'=cmd|calc")
  expect(hacked[2]).toBe('13800138000 / +852 9123 4560')
  expect(hacked.slice(6, 8)).toEqual(['北店', '员工dianzhang'])
  for (const row of rows.slice(1))
    expect(row.at(-1)).toMatch(new RegExp(`员工dianzhang（dianzhang）于 \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d \\+08:00 导出，编号 ${id}`))
  const entry = (await entries('export')).find(({ detail }) => detail?.['note'] === id)!
  expect(entry.ids.toSorted()).toEqual(ids.toSorted())
  expect(entry).toMatchObject({ reason: 'campaign', fields: every, outcome: 'done' })
  expect(new Set(entry.subjects).size).toBe(4)
  expect((await entries('export_download')).filter((one) => one.ids[0] === id)).toHaveLength(1)
  expect((await entries('export_passphrase')).filter((one) => one.ids[0] === id)).toHaveLength(1)
})

test('a workbook opens in other programs with its password only, and shows the watermark first', async () => {
  const id = await begin('manager', { format: 'xlsx' })
  await run(id)
  const file = await fileOf('manager', id)
  const passphrase = await passphraseOf('manager', id)
  const book = await readXlsx(new Uint8Array(file), { password: passphrase })
  const rows = book.sheets[0]!.rows as unknown as (string | null)[][]
  expect(rows[0]![0]).toContain(id)
  expect(rows[1]!.slice(0, 3)).toEqual(['姓名', '类型', '电话'])
  expect(rows.slice(2).map((row) => row[0])).toContain("'=cmd|calc")
  await expect(readXlsx(new Uint8Array(file), { password: 'wrong' })).rejects.toThrow()
  // A program that nobody of ours wrote, where it is there (Debian: python3-msoffcrypto-tool).
  const [locked, open] = [join(folder, 'locked.xlsx'), join(folder, 'open.xlsx')]
  await writeFile(locked, file)
  const told = spawnSync('msoffcrypto-tool', ['-p', passphrase, locked, open])
  if (told.error) return
  expect(told.status).toBe(0)
  const xml = spawnSync('unzip', ['-p', open, 'xl/worksheets/sheet1.xml'], { encoding: 'utf8' })
  if (!xml.error) expect(xml.stdout).toContain('张三')
})

test.each(['csv', 'xlsx', 'vcard'])('what leaves as %s comes in again by our own importer', async (format) => {
  const id = await begin('manager', { format })
  await run(id)
  const file = await fileOf('manager', id)
  const passphrase = await passphraseOf('manager', id)
  let plain: Buffer
  if (format === 'xlsx') {
    const { default: office } = await import('officecrypto-tool')
    plain = await office.decrypt(file, { password: passphrase })
  } else plain = Buffer.from(await unlock(file, passphrase), 'utf8')
  const staged = await it.send('manager', 'POST', `/api/imports?kind=${format}`, plain, { 'content-type': 'application/octet-stream' })
  expect(staged.statusCode).toBe(201)
  const { rows, problems, preview, mapping } = staged.json<{
    rows: number
    problems: unknown[]
    mapping: Record<string, string | null>
    preview: { values: Record<string, unknown>; problems: unknown[] }[]
  }>()
  expect([rows, problems]).toEqual([4, []])
  const values = preview.map((one) => one.values)
  expect(values.map((one) => one['name']).toSorted()).toEqual(people.toSorted())
  const first = values.find((one) => one['name'] === '=cmd|calc')!
  expect(JSON.stringify(first)).toContain('+8613800138000')
  expect(JSON.stringify(first)).toContain('+85291234560')
  expect(JSON.stringify(values)).not.toContain(id)
  if (format === 'vcard') return
  expect(JSON.stringify(first)).toContain('黄浦区淮海中路1号')
  expect(JSON.stringify(first)).toContain('wx_0_b')
  expect(mapping['导出水印'] ?? null).toBeNull()
})

test('columns that may not leave, or do not exist, are refused alike; rows of another store are not there', async () => {
  for (const fields of [
    ['name', 'referrerId'],
    ['name', 'nonsense'],
    ['name', 'version'],
    ['name', 'constructor'],
  ])
    expect(codeOf(await ask('manager', { fields }))).toBe('unknown_key')
  const plan = await previewOf('manager', { select: { ids: [ids[0], south[0]] } })
  expect(plan).toMatchObject({ count: 1, refused: { count: 1, reasons: { not_found: 1 } } })
  expect(codeOf(await ask('manager', { select: { ids: south } }))).toBe('input_invalid')
  expect(codeOf(await ask('consultantA'))).toBe('forbidden')
  expect(codeOf(await ask('auditor'))).toBe('not_found')
  expect(codeOf(await ask('manager', { purpose: 'other' }))).toBe('reason_required')
  expect(codeOf(await ask('manager', { purpose: 'because' }))).toBe('input_invalid')
})

test('a list can be taken by its query', async () => {
  const query = `q=${encodeURIComponent('张三')}`
  expect((await previewOf('manager', { select: { query } })).count).toBe(1)
  expect((await previewOf('manager', { select: { query: 'nonsense=1' } })).code).toBe('unknown_key')
})

test('above the threshold somebody else agrees: not the one who asked, nobody twice, nobody who does not see the rows', async () => {
  const over = { select: { ids: others } }
  const plan = await previewOf('manager', over)
  // Five staff are a small shop: the manager could agree alone after a while; the owner can at once.
  expect(plan.approval).toMatchObject({ needed: true, others: 1, self: true })
  const id = await begin('manager', { ...over, note: '周年庆' })
  expect(await status('manager', id)).toMatchObject({ state: 'waiting', approval: { state: 'open' } })
  const approval = (await status('manager', id))['approval'] as { id: string }
  const decide = (who: Who, verdict: string) => it.send(who, 'POST', `/api/approvals/${approval.id}`, { verdict })
  expect(codeOf(await decide('manager', 'approve'))).toBe('own_request')
  expect(codeOf(await decide('consultantA', 'approve'))).toBe('not_found')
  expect(codeOf(await decide('auditor', 'approve'))).toBe('not_found')
  // Started behind our back it is refused by the job itself.
  await it.house.db.owner.query("update job set state = 'queued' where id = $1", [id])
  const faults: unknown[] = []
  await run(id, faults)
  expect(faults).toHaveLength(1)
  await it.house.db.owner.query("update job set state = 'staged', problem = null, finished_at = null where id = $1", [id])

  const waiting = (await it.send('owner', 'GET', '/api/approvals')).json<{ items: Record<string, unknown>[] }>().items
  expect(waiting[0]).toMatchObject({ id: approval.id, state: 'open', own: false, rows: 205, purpose: 'campaign', note: '周年庆' })
  expect((await decide('owner', 'approve')).statusCode).toBe(204)
  expect(codeOf(await decide('owner', 'approve'))).toBe('approval_closed')
  await run(id)
  expect(await status('manager', id)).toMatchObject({ state: 'ready', exported: 205, approval: { state: 'approved' } })
  expect((await entries('approval_grant')).filter((one) => one.ids[0] === id && one.outcome === 'done')).toHaveLength(1)
  expect((await entries('approval_grant')).some((one) => one.ids[0] === approval.id && one.outcome === 'refused')).toBe(true)
})

test('a decision put into the database by somebody else was never made', async () => {
  const id = await begin('manager', { select: { ids: others } })
  const approval = (await status('manager', id))['approval'] as { id: string }
  await it.house.db.owner.query(
    `insert into auth.approval_decision (approval, decided_by, verdict, decided_at, mac) values ($1, $2, 'approve', now(), decode(repeat('00', 32), 'hex'))`,
    [approval.id, it.house.actors.owner.staffId],
  )
  expect(await status('manager', id)).toMatchObject({ approval: { state: 'open', decisions: [] } })
  await it.house.db.owner.query("update job set state = 'queued' where id = $1", [id])
  const faults: unknown[] = []
  await run(id, faults)
  expect(await status('manager', id)).toMatchObject({ state: 'failed', problem: 'approval_closed' })
  // Nor does a smaller number in the row make it an export that needs nobody: the row is then none.
  const other = await begin('manager', { select: { ids: others } })
  await it.house.db.owner.query('update export set approval = null, rows = 1 where job = $1', [other])
  await it.house.db.owner.query("update job set state = 'queued' where id = $1", [other])
  await run(other, faults)
  expect((await it.send('manager', 'GET', `/api/exports/${other}`)).statusCode).toBe(404)
  expect((await it.house.db.owner.query('select wrapped from export where job = $1', [other])).rows[0]).toEqual({ wrapped: null })
})

test('refused, it says so; in a small shop one agrees with oneself only after a while, and that is a deviation on record', async () => {
  const id = await begin('manager', { select: { ids: others } })
  const approval = (await status('manager', id))['approval'] as { id: string }
  expect((await it.send('owner', 'POST', `/api/approvals/${approval.id}`, { verdict: 'refuse', reason: '太多了' })).statusCode).toBe(204)
  expect(await status('manager', id)).toMatchObject({
    state: 'refused',
    approval: { decisions: [{ verdict: 'refuse', reason: '太多了' }] },
  })

  const again = await begin('manager', { select: { ids: others } })
  const own = (await status('manager', again))['approval'] as { id: string; selfAfter: string }
  expect(Date.parse(own.selfAfter) - Date.now()).toBeGreaterThan(29 * 60_000)
  // The row is under a MAC: put back behind our back, it is no request any more.
  await it.house.db.owner.query("update auth.approval set self_after = now() - interval '1 minute' where id = $1", [own.id])
  expect(codeOf(await it.send('manager', 'POST', `/api/approvals/${own.id}`, { verdict: 'approve' }))).toBe('not_found')
})

test('the file is for who took it: not for the owner, not a fourth time, not after its time, and not once the right is gone', async () => {
  const id = await begin('manager', { select: { ids: [ids[0]!] } })
  await run(id)
  for (const who of ['owner', 'auditor', 'consultantA'] as const) {
    expect((await it.send(who, 'GET', `/api/exports/${id}`)).statusCode).toBe(404)
    expect([403, 404]).toContain((await it.send(who, 'GET', `/api/exports/${id}/file`)).statusCode)
    expect([403, 404]).toContain((await it.send(who, 'POST', `/api/exports/${id}/passphrase`)).statusCode)
  }
  // Given to somebody else behind our back it is nobody's.
  await it.house.db.owner.query('update export set staff_id = $2 where job = $1', [id, it.house.actors.owner.staffId])
  expect((await it.send('owner', 'GET', `/api/exports/${id}/file`)).statusCode).toBe(404)
  await it.house.db.owner.query('update export set staff_id = $2 where job = $1', [id, it.house.actors.manager.staffId])
  for (let n = 0; n < 3; n += 1) await fileOf('manager', id)
  const fourth = await it.send('manager', 'GET', `/api/exports/${id}/file`)
  expect([codeOf(fourth), fourth.json<{ details: unknown }>().details]).toEqual(['export_gone', { why: 'used' }])

  const late = await begin('manager', { select: { ids: [ids[0]!] } })
  await run(late)
  await it.house.db.owner.query("update export set expires_at = now() - interval '1 second' where job = $1", [late])
  expect(codeOf(await it.send('manager', 'GET', `/api/exports/${late}/file`))).toBe('export_gone')
  expect(await expireExports(it.parts.pool)).toContain(late)
  expect(await status('manager', late)).toMatchObject({ state: 'gone', problem: 'expired' })
})

test('recalled by who could have agreed to it, the file is gone from the disk', async () => {
  const id = await begin('manager', { select: { ids: [ids[0]!] } })
  await run(id)
  const staged = async () => (await readdir(join(it.house.folder, 'staging'))).some((name) => name.startsWith(id))
  expect(await staged()).toBe(true)
  expect((await it.send('consultantA', 'POST', `/api/exports/${id}/recall`)).statusCode).toBe(404)
  expect((await it.send('owner', 'POST', `/api/exports/${id}/recall`)).statusCode).toBe(204)
  expect(await staged()).toBe(false)
  expect(await status('manager', id)).toMatchObject({ state: 'gone', problem: 'recalled' })
  expect(codeOf(await it.send('manager', 'GET', `/api/exports/${id}/file`))).toBe('export_gone')
})

test('a job that was stopped half way begins anew, and takes nobody twice', async () => {
  const id = await begin('manager', { select: { ids: others.slice(0, 150) } })
  const stop = new AbortController()
  stop.abort(new Stopped())
  await run(id, [], stop.signal).catch(() => {})
  await it.house.db.owner.query("update job set state = 'running', done = 50 where id = $1", [id])
  await writeFile(join(it.house.folder, 'staging', `${id}.sealed`), 'half a file')
  await run(id)
  expect(await status('manager', id)).toMatchObject({ state: 'ready', exported: 150 })
  expect((await entries('export')).filter(({ detail }) => detail?.['note'] === id)).toHaveLength(1)
  // And once more, as if the worker had died after its last commit: nothing is made twice.
  await it.house.db.owner.query("update job set state = 'running' where id = $1", [id])
  await run(id)
  expect((await entries('export')).filter(({ detail }) => detail?.['note'] === id)).toHaveLength(1)
})

test('whoever leaves, or loses the right meanwhile, gets no file', async () => {
  const { house } = it
  const id = await begin('manager', { select: { ids: [ids[0]!] } })
  await house.db.owner.query('update staff set active = false where id = $1', [house.actors.manager.staffId])
  const faults: unknown[] = []
  await run(id, faults)
  await house.db.owner.query('update staff set active = true where id = $1', [house.actors.manager.staffId])
  expect(await status('manager', id)).toMatchObject({ state: 'failed', problem: 'forbidden' })
})

test('the quota of a day holds, also for two requests at once, and what was refused does not count', async () => {
  const limits = { threshold: 200, rowsPerDay: 0, rowsPerDayOf: { storeManager: 0 }, filesPerDay: 500 }
  expect(codeOf(await it.send('manager', 'PUT', '/api/exports/limits', limits))).toBe('not_found')
  expect(codeOf(await it.send('owner', 'PUT', '/api/exports/limits', { ...limits, threshold: -1 }))).toBe('input_invalid')
  const { rows } = await it.house.db.owner.query<{ n: number }>(
    "select coalesce(sum(rows), 0)::int as n from export e join job j on j.id = e.job where e.staff_id = $1 and j.state not in ('cancelled', 'failed')",
    [it.house.actors.manager.staffId],
  )
  const taken = rows[0]!.n
  await it.send('owner', 'PUT', '/api/exports/limits', { ...limits, rowsPerDayOf: { storeManager: taken + 5 } })
  expect((await previewOf('manager')).quota.rowsLeft).toBe(5)
  const both = await Promise.all([ask('manager'), ask('manager')])
  expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 429])
  expect(codeOf(both.find(({ statusCode }) => statusCode === 429)!)).toBe('export_quota')
  expect((await entries('export_ask')).some(({ outcome }) => outcome === 'refused')).toBe(true)
  // Altered behind our back, the setting counts for nothing.
  await it.house.db.owner.query(`update setting set value = jsonb_set(value, '{limits,threshold}', '100000') where key = 'export'`)
  expect((await it.send('owner', 'GET', '/api/exports/limits')).json<{ threshold: number }>().threshold).toBe(200)
})
