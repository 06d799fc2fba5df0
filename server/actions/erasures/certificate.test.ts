import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { writeSetting } from '../../store/settings.ts'

/** bin/systemPackages.mjs installs it where it may, and says so where not. */
const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined

let it: TestApp
let folder: string
beforeAll(async () => {
  it = await testApp()
  folder = mkdtempSync(join(tmpdir(), 'anechoic-certificate-'))
  await writeSetting(it.house.db.owner, 'company', '上海静界影音有限公司')
})
afterAll(async () => {
  await it.close()
  rmSync(folder, { recursive: true, force: true })
})

const values = {
  name: '欧阳璟垚',
  phones: ['+8613912340001'],
  emails: ['jing.yao@example.com'],
  notes: '备注里的话',
}
type Json = Record<string, unknown> & { subject: number; audit: { index: number; id: number; leafSha256: string; entity: string }[] }

/** Erases a customer with three notes in their timeline, and returns the subject number. */
const eraseSomebody = async (body: Record<string, unknown> = {}): Promise<number> => {
  const { house } = it
  const [made] = await house.addCustomers([values])
  const { consultantA: a } = house.actors
  const note = { customerId: made!.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: a.staffId, text: '谈过预算' }
  await house.records.transaction(a, (tx) => tx.createMany(house.scope(a, 'interaction'), [note, note, note]))
  const answer = await it.send('owner', 'POST', `/api/customers/${made!.id}/erase`, {
    version: 1,
    reason: '电话 13912340001 来电',
    ...body,
  })
  expect(answer.statusCode).toBe(200)
  return answer.json<{ subject: number }>().subject
}
const json = async (subject: number): Promise<Json> => (await it.send('owner', 'GET', `/api/erasures/${subject}/certificate.json`)).json()

test('the certificate tells what went, by whom, why, until when, and where the log says so; no value', async () => {
  const subject = await eraseSomebody({ ground: 'request' })
  const answer = await it.send('auditor', 'GET', `/api/erasures/${subject}/certificate.json`)
  expect(answer.headers['content-disposition']).toContain(`erasure-${subject}.json`)
  const certificate = answer.json<Json>()
  expect(certificate).toMatchObject({
    format: 'anechoic-erasure-certificate/1',
    company: '上海静界影音有限公司',
    subject,
    state: 'waiting',
    ground: { code: 'request', zh: '本人要求删除' },
    by: { staffId: it.house.actors.owner.staffId, name: '员工laoban', roles: [{ zh: '店主' }] },
    erased: [
      { entity: 'customer', count: 1 },
      { entity: 'interaction', count: 3 },
    ],
    keys: [{ subject, version: 1, suite: 1, epoch: 1, epochDestroyedAt: null }],
    audit: [{ entity: 'customer' }, { entity: 'interaction' }],
    seal: { algorithm: 'HMAC-SHA256', value: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })
  const { erasedAt, completeBy } = certificate as unknown as { erasedAt: string; completeBy: string }
  expect(Date.parse(completeBy) - Date.parse(erasedAt)).toBe(44 * 86_400_000)
  for (const value of [...Object.values(values).flat(), '13912340001', '谈过预算']) expect(answer.body).not.toContain(value)
  // The hash is of the leaf as it lies in the database, computed here by PostgreSQL.
  const { rows } = await it.house.db.owner.query<{ idx: number; hash: string }>(
    `select s.idx::int, encode(sha256('\\x00'::bytea || e.leaf), 'hex') as hash from audit.entry e join audit.sequence s on s.entry_id = e.id
     where e.action = 'erase' and e.subjects @> array[$1::integer] order by e.id`,
    [subject],
  )
  expect(certificate.audit.map(({ index, leafSha256 }) => [index, leafSha256])).toEqual(rows.map(({ idx, hash }) => [idx, hash]))
  // Issuing it is on record.
  const [entry] = await it.house.audit.entriesOfSubject(subject)
  expect(entry).toMatchObject({ action: 'certificate', staffId: it.house.actors.auditor.staffId, outcome: 'done' })
})

test('the PDF is one page that a reader of PDF can read, in Chinese and English, with its font inside', async () => {
  const subject = await eraseSomebody({ ground: 'withdrawn' })
  const answer = await it.send('owner', 'GET', `/api/erasures/${subject}/certificate.pdf`)
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/pdf'])
  const file = join(folder, 'certificate.pdf')
  writeFileSync(file, answer.rawPayload)
  expect(answer.rawPayload.length).toBeLessThan(200_000)
  expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
  if (!hasPoppler) return
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
  const certificate = await json(subject)
  for (const words of [
    '上海静界影音有限公司',
    '个人信息删除证明',
    'Certificate of erasure',
    '本人撤回同意',
    'The person withdrew consent',
    '员工laoban（店主）',
    '客户 Customer 1',
    '往来 Interaction 3',
    `#${certificate.audit[0]!.index}`,
    certificate.audit[0]!.leafSha256,
    String((certificate as unknown as { completeBy: string }).completeBy).slice(0, 10),
  ])
    expect(text.replace(/ +/g, ' ')).toContain(words)
  for (const value of [...Object.values(values).flat(), '13912340001', '谈过预算']) expect(text).not.toContain(value)
  expect(execFileSync('pdfinfo', [file], { encoding: 'utf8' })).toMatch(/Pages:\s+1\b/)
  expect(execFileSync('pdffonts', [file], { encoding: 'utf8' })).toMatch(/NotoSansSC-Regular.*yes yes yes/)
})

test('a certificate holds against the log, and none that was changed, invented or reordered does', async () => {
  const certificate = await json(await eraseSomebody())
  const verdict = async (brought: unknown): Promise<unknown> => (await it.send('auditor', 'POST', '/api/erasures/verify', brought)).json()
  expect(await verdict(certificate)).toEqual({ genuine: true, problems: [] })
  // Whoever wrote it down: the order of keys and the spacing do not count.
  expect(await verdict(Object.fromEntries(Object.entries(certificate).toReversed()))).toEqual({ genuine: true, problems: [] })
  expect(await verdict({ ...certificate, completeBy: '2026-01-01T00:00:00.000Z' })).toEqual({ genuine: false, problems: ['seal'] })
  expect(await verdict({ ...certificate, erased: [{ entity: 'customer', count: 0 }] })).toEqual({ genuine: false, problems: ['seal'] })
  const [first] = certificate.audit
  expect(await verdict({ ...certificate, audit: [{ ...first, index: first!.index + 1 }] })).toEqual({
    genuine: false,
    problems: ['seal', 'log'],
  })
  expect(await verdict({ ...certificate, subject: 99_999 })).toEqual({ genuine: false, problems: ['seal', 'log'] })
  expect(await verdict({ ...certificate, seal: {} })).toEqual({ genuine: false, problems: ['seal'] })
  expect(await verdict({ hello: 'world' })).toEqual({ genuine: false, problems: ['format'] })
  // The log changed behind our back: the certificate finds out.
  await it.house.db.owner.query('update audit.entry set leaf = set_byte(leaf, 40, (get_byte(leaf, 40) + 1) % 256) where id = $1', [
    first!.id,
  ])
  expect(await verdict(certificate)).not.toMatchObject({ genuine: true })
  await it.house.db.owner.query('update audit.entry set leaf = set_byte(leaf, 40, (get_byte(leaf, 40) + 255) % 256) where id = $1', [
    first!.id,
  ])
  expect(await verdict(certificate)).toEqual({ genuine: true, problems: [] })
})

test('the register lists erasures newest first, page by page; refused attempts and strangers to it see nothing', async () => {
  const subjects = [await eraseSomebody(), await eraseSomebody()]
  const [kept] = await it.house.addCustomers([{}])
  expect((await it.send('manager', 'POST', `/api/customers/${kept!.id}/erase`, { version: 1, reason: 'nein' })).statusCode).toBe(403)
  const page = (await it.send('auditor', 'GET', '/api/erasures')).json<{
    items: { subject: number; counts: unknown }[]
    nextCursor: null
  }>()
  expect(page.items.slice(0, 2).map(({ subject }) => subject)).toEqual(subjects.toReversed())
  expect(page.items[0]).toMatchObject({
    ground: 'other',
    staffName: '员工laoban',
    state: 'waiting',
    epoch: 1,
    counts: [
      { entity: 'customer', count: 1 },
      { entity: 'interaction', count: 3 },
    ],
  })
  expect(page.items.some(({ subject }) => subject === kept!.subject)).toBe(false)
  const { rows } = await it.house.db.owner.query<{ id: number }>(
    "select max(id)::int as id from audit.entry where action = 'erase' and entity = 'customer' and records is not null",
  )
  const older = (await it.send('owner', 'GET', `/api/erasures?cursor=${rows[0]!.id}`)).json<{ items: { subject: number }[] }>()
  expect(older.items[0]!.subject).toBe(subjects[0])
  for (const path of ['/api/erasures', `/api/erasures/${subjects[0]}/certificate.json`, `/api/erasures/${subjects[0]}/certificate.pdf`])
    expect((await it.send('manager', 'GET', path)).statusCode).toBe(404)
  for (const path of [
    `/api/erasures/${kept!.subject}/certificate.json`,
    '/api/erasures/0/certificate.pdf',
    '/api/erasures/x/certificate.pdf',
  ])
    expect((await it.send('owner', 'GET', path)).statusCode).toBe(404)
})

test('an erasure from before the epoch was noted still has its certificate, which says what it cannot know', async () => {
  const subject = await eraseSomebody()
  await it.house.db.owner.query('update keys.tombstone set epoch = null, key_version = null, suite = null where subject = $1', [subject])
  expect(await json(subject)).toMatchObject({ state: 'unknown', keys: [{ subject, epoch: null, version: null }] })
  expect((await it.send('owner', 'GET', `/api/erasures/${subject}/certificate.pdf`)).statusCode).toBe(200)
})

test('a household goes with its people, and the certificate names each key; one of its people alone has a certificate of their own', async () => {
  const { house } = it
  const [made] = await house.addCustomers([values])
  const add = async (name: string): Promise<string> =>
    (await it.send('owner', 'POST', `/api/customers/${made!.id}/contacts`, { name, phones: ['13912340009'] })).json<{ id: string }>().id
  const [wife, keeper] = [await add('欧阳太太'), await add('管家老周')]
  const subjectOf = async (id: string): Promise<number> =>
    (await house.db.owner.query<{ subject: number }>('select subject from contacts where id = $1', [id])).rows[0]!.subject
  const [ofWife, ofKeeper] = [await subjectOf(wife), await subjectOf(keeper)]

  expect((await it.send('owner', 'POST', `/api/contacts/${keeper}/erase`, { version: 1, reason: 'x', ground: 'request' })).statusCode).toBe(
    200,
  )
  expect(await json(ofKeeper)).toMatchObject({
    subject: ofKeeper,
    erased: [{ entity: 'contact', count: 1 }],
    keys: [{ subject: ofKeeper }],
  })

  expect(
    (await it.send('owner', 'POST', `/api/customers/${made!.id}/erase`, { version: 1, reason: 'x', ground: 'request' })).statusCode,
  ).toBe(200)
  const certificate = await json(made!.subject)
  expect(certificate).toMatchObject({
    subject: made!.subject,
    erased: [
      { entity: 'customer', count: 1 },
      { entity: 'contact', count: 1 },
    ],
    keys: [{ subject: made!.subject }, { subject: ofWife }],
  })
  // Asked for by the number of one of its people, it is the same act.
  expect(await json(ofWife)).toMatchObject({ subject: made!.subject, audit: certificate.audit })
  for (const name of ['欧阳太太', '管家老周', '13912340009']) expect(JSON.stringify(certificate)).not.toContain(name)
  const { items } = (await it.send('owner', 'GET', '/api/erasures')).json<{ items: { subject: number }[] }>()
  expect(items.slice(0, 2).map(({ subject }) => subject)).toEqual([made!.subject, ofKeeper])
})
