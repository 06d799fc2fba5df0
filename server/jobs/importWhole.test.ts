import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorkbook } from '../../test/support/workbook.ts'
import { testApp, type TestApp } from '../../test/support/app.ts'
import { decide } from '../../domain/policy/decide.ts'
import type { RowOf, ScopeOf } from '../store/records.ts'
import { runJob } from './runJob.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

const run = (id: string, signal: AbortSignal = new AbortController().signal) =>
  runJob(id, {
    parts: it.parts,
    connect: it.house.db.database.connect as never,
    signal,
    onFault: (_id, error) => {
      throw error
    },
  })
const octets = { 'content-type': 'application/octet-stream' }

type Status = {
  id: string
  state: string
  created: number
  updated: number
  skipped: number
  refused: number
  pooled: number
  storeUnknown: number
}
type Staged = { id: string; mapping: Record<string, string | null>; problems: { problem: string; count: number }[] }
const stage = async (file: string | Buffer): Promise<Staged> =>
  (await it.send('owner', 'POST', '/api/imports', Buffer.from(file), octets)).json<Staged>()
const statusOf = async (id: string): Promise<Status> => (await it.send('owner', 'GET', `/api/imports/${id}`)).json<Status>()
const start = async ({ id, mapping }: Staged, told: object = {}): Promise<void> => {
  const body = { mapping, storeId: it.house.stores.north.id, onDuplicate: 'skip', ...told }
  const answer = await it.send('owner', 'POST', `/api/imports/${id}/start`, body)
  expect(answer.statusCode).toBe(202)
}
const importList = async (file: string | Buffer, told: object = {}): Promise<Status> => {
  const staged = await stage(file)
  await start(staged, told)
  await run(staged.id)
  return statusOf(staged.id)
}

const all = { created: 0, updated: 0, skipped: 0, refused: 0 }
const find = async (field: 'phones' | 'emails' | 'wechatIds', value: string): Promise<RowOf<'customer'>[]> => {
  const scope = decide(it.house.actors.owner, 'customer')
  const ids = (await it.parts.records.findExact(scope, field, [value])).get(value) ?? []
  return Promise.all(ids.map((id) => it.parts.records.get({ ...scope, entity: 'customer' }, id)))
}
const one = async (field: 'phones' | 'emails' | 'wechatIds', value: string): Promise<RowOf<'customer'>> => {
  const found = await find(field, value)
  expect(found).toHaveLength(1)
  return found[0]!
}
const below = async <N extends 'interaction' | 'consent'>(entity: N, customerId: string): Promise<RowOf<N>[]> => {
  const scope = { ...decide(it.house.actors.owner, entity), entity } as ScopeOf<N>
  return (await it.parts.records.list(scope, { where: { customerId }, orderBy: 'happenedAt', limit: 100 })).rows
}

test('somebody is known again by phone, e-mail or WeChat id, in the base and within the file, and is skipped', async () => {
  await it.house.addCustomers([{ name: '老客', phones: ['+8613911110001'], emails: ['old@example.com'], wechatIds: ['WX_old'] }])
  const status = await importList(
    [
      '姓名,手机,邮箱,微信号',
      '甲,13911110001,,',
      '乙,13911110002,OLD@example.com,',
      '丙,,,wx_OLD',
      '丁,13911110003,new@example.com,',
      '戊,13911110004,NEW@example.com,',
      '己,,,wx_ji',
      '庚,,,WX_JI',
    ].join('\n'),
  )
  expect(status).toMatchObject({ ...all, state: 'done', created: 2, skipped: 5 })
  expect((await one('phones', '+8613911110003')).name).toBe('丁')
})

test('merging fills what is empty and adds to lists; another name for the same number is kept in the notes', async () => {
  const [known] = await it.house.addCustomers([{ name: '王一', phones: ['+8613911120001'], emails: [], tags: ['黑胶'], notes: '喜欢安静' }])
  const list = [
    '姓名,手机,邮箱,地址,标签,备注,客户来源',
    '王一,13911120001、13911120009,wang@example.com,上海市静安区南京西路1号,VIP;黑胶,要落地箱,抖音',
    '王太太,13911120009,,,,,展会',
    '赵二,13911120005,,,,第一行,',
    '赵二,13911120005,zhao@example.com,,,第二行,展会',
  ].join('\n')
  const status = await importList(list, { onDuplicate: 'merge' })
  // The second row is known by a number that only the row above it has.
  expect(status).toMatchObject({ ...all, created: 1, updated: 3 })
  const merged = await it.parts.records.get({ ...decide(it.house.actors.owner, 'customer'), entity: 'customer' }, known!.id)
  expect(merged).toMatchObject({
    name: '王一',
    phones: ['+8613911120001', '+8613911120009'],
    emails: ['wang@example.com'],
    tags: ['黑胶', 'VIP'],
    source: 'douyin',
  })
  expect(merged.notes).toBe('喜欢安静\n要落地箱\n导入的姓名: 王太太')
  expect(await one('phones', '+8613911120005')).toMatchObject({
    emails: ['zhao@example.com'],
    notes: '第一行\n第二行',
  })
  // The same list again says nothing new.
  expect(await importList(list, { onDuplicate: 'merge' })).toMatchObject({ ...all, skipped: 4 })
})

test('updating takes the file for right, and loses no number', async () => {
  const [known] = await it.house.addCustomers([{ name: '旧名', phones: ['+8613911130001'], emails: [], tags: ['甲'], notes: '旧' }])
  const list = '姓名,手机,邮箱,备注,客户来源\n新名,13911130001,n@example.com,新,展会\n'
  expect(await importList(list, { onDuplicate: 'update' })).toMatchObject({ ...all, updated: 1 })
  const scope = { ...decide(it.house.actors.owner, 'customer'), entity: 'customer' } as const
  const row = await it.parts.records.get(scope, known!.id)
  expect(row).toMatchObject({ name: '新名', phones: ['+8613911130001'], emails: ['n@example.com'], tags: ['甲'], source: 'exhibition' })
  expect(await importList(list, { onDuplicate: 'update' })).toMatchObject({ ...all, skipped: 1 })
  expect((await it.parts.records.get(scope, known!.id)).version).toBe(row.version)
})

test('source, basis and consent come with the row, else with the file; what nobody said stays unknown', async () => {
  await importList(
    ['姓名,手机,来源,处理依据,短信同意', '甲,13911140001,小红书,合同,否', '乙,13911140002,,,', '丙,13911140003,量房认识,,是'].join('\n'),
    { source: 'exhibition', basis: 'consent', consentChannels: ['wechat'] },
  )
  const [a, b, c] = await Promise.all([1, 2, 3].map((n) => one('phones', `+861391114000${n}`)))
  expect([a!.source, b!.source, c!.source]).toEqual(['xiaohongshu', 'exhibition', 'exhibition'])
  expect([a!.basis, b!.basis]).toEqual(['contract', 'consent'])
  expect(c!.notes).toBe('来源: 量房认识')
  const said = async (id: string) => (await below('consent', id)).map(({ channel, state, how }) => [channel, state, how])
  expect(await said(a!.id)).toEqual([['sms', 'withdrawn', 'imported']])
  expect(await said(b!.id)).toEqual([['wechat', 'given', 'imported']])
  expect(await said(c!.id)).toEqual([['sms', 'given', 'imported']])

  // Who has withdrawn is not won back by a list; who says no is heard.
  await importList('姓名,手机,短信同意\n甲,13911140001,是\n丙,13911140003,否\n', { onDuplicate: 'merge' })
  expect(await said(a!.id)).toEqual([['sms', 'withdrawn', 'imported']])
  expect((await said(c!.id)).at(-1)).toEqual(['sms', 'withdrawn', 'imported'])

  await importList('姓名,手机\n丁,13911140004\n')
  const d = await one('phones', '+8613911140004')
  expect([d.source, d.basis, await said(d.id)]).toEqual(['import', null, []])
})

test('an owner is known by login or name; somebody unknown leaves the customer to the pool', async () => {
  const { consultantA } = it.house.actors
  const { rows } = await it.house.db.owner.query<{ login: string }>('select login from staff where id = $1', [consultantA.staffId])
  const scope = { ...decide(it.house.actors.owner, 'staff'), entity: 'staff' } as const
  const { name } = await it.parts.records.get(scope, consultantA.staffId)
  const status = await importList(
    `姓名,手机,负责人\n甲,13911150001,${rows[0]!.login.toUpperCase()}\n乙,13911150002,${name}\n丙,13911150003,离职的老周\n丁,13911150004,\n`,
    { ownerId: it.house.actors.manager.staffId },
  )
  expect(status).toMatchObject({ created: 4, pooled: 1 })
  const owners = await Promise.all([1, 2, 3, 4].map(async (n) => (await one('phones', `+861391115000${n}`)).ownerId))
  expect(owners).toEqual([consultantA.staffId, consultantA.staffId, null, it.house.actors.manager.staffId])
})

test('an owner who would not see the customer leaves them to the pool; a store unknown or out of reach stays the chosen one; both are counted', async () => {
  const { manager, consultantA, consultantB, auditor } = it.house.actors
  const { north, south } = it.house.stores
  const list = [
    '姓名,手机,负责人,门店',
    `甲,13911155001,${consultantB.login},`,
    `乙,13911155002,${auditor.login},`,
    `丙,13911155003,${consultantB.login},南店`,
    '丁,13911155004,,南店',
    '戊,13911155005,,火星店',
    '己,13911155006,,北店',
  ].join('\n')
  const places = async (): Promise<unknown[]> =>
    Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (n) => {
        const { storeId, ownerId } = await one('phones', `+861391115500${n}`)
        return [storeId, ownerId]
      }),
    )
  const told = { ownerId: consultantA.staffId }
  expect(await importList(list, { ...told, dryRun: true })).toMatchObject({ created: 6, pooled: 3, storeUnknown: 1 })
  const status = await importList(list, told)
  expect(status).toMatchObject({ created: 6, pooled: 3, storeUnknown: 1 })
  expect(await places()).toEqual([
    [north.id, null],
    [north.id, null],
    [south.id, consultantB.staffId],
    [south.id, null],
    [north.id, consultantA.staffId],
    [north.id, consultantA.staffId],
  ])
  // Who is known keeps what they have: nobody is put anywhere.
  expect(await importList(list, told)).toMatchObject({ created: 0, skipped: 6, pooled: 0, storeUnknown: 0 })

  const staged = (await it.send('manager', 'POST', '/api/imports', Buffer.from('姓名,门店\n店外,南店\n店内,北店\n'), octets)).json<Staged>()
  const body = { mapping: staged.mapping, storeId: north.id, ownerId: manager.staffId, onDuplicate: 'create' }
  expect((await it.send('manager', 'POST', `/api/imports/${staged.id}/start`, body)).statusCode).toBe(202)
  await run(staged.id)
  const answer = (await it.send('manager', 'GET', `/api/imports/${staged.id}`)).json<Status>()
  expect(answer).toMatchObject({ created: 2, pooled: 0, storeUnknown: 1 })
})

test('past purchases become dated entries, one row each, and come once', async () => {
  const orders = [
    '收货人姓名,收货人手机号,商品名称,实付金额,下单时间,介绍人电话',
    '甲,13911160001,KEF LS60,"32,000",2024-03-15 10:00:00,',
    '甲,13911160001,音箱脚架,1200,2024-03-15 10:00:00,',
    '甲,13911160001,功放,8000,2025/1/2,',
    '乙,13911160002,线材,300,2025/1/3,13911160001',
    '丙,13911160003,线材,300,45366,',
  ].join('\n')
  const status = await importList(orders, { onDuplicate: 'merge' })
  expect(status).toMatchObject({ created: 2, updated: 2, refused: 1 })
  const a = await one('phones', '+8613911160001')
  const bought = async () => (await below('interaction', a.id)).map(({ kind, happenedAt, text }) => [kind, happenedAt.slice(0, 10), text])
  expect((await bought()).toSorted()).toEqual([
    ['purchase', '2024-03-15', 'KEF LS60 · ¥32,000'],
    ['purchase', '2024-03-15', '音箱脚架 · ¥1,200'],
    ['purchase', '2025-01-02', '功放 · ¥8,000'],
  ])
  expect((await one('phones', '+8613911160002')).notes).toBe('介绍人: +8613911160001')
  expect(await importList(orders, { onDuplicate: 'merge' })).toMatchObject({ created: 0, refused: 1 })
  expect(await bought()).toHaveLength(3)
  expect((await one('phones', '+8613911160002')).referrerId).toBe(a.id)
})

test('a purchase that cannot be kept refuses its row by line and reason, in the preview, the report and the refused file; the rest goes on', async () => {
  const rows = Array.from({ length: 1_200 }, (_, i) => {
    const bought = i === 700 ? '序列号 ••••1234' : i === 701 ? `${'y'.repeat(3_999)}😀😀` : 'KEF LS60'
    return `批量${i},1392116${String(i).padStart(4, '0')},2024-05-01,${bought}`
  })
  const staged = await stage(['姓名,手机,购买日期,购买产品', ...rows].join('\n'))
  expect(staged.problems).toEqual([{ problem: 'masked', count: 1 }])
  await start(staged)
  await run(staged.id)
  const problems = [{ row: 702, field: 'purchase', problem: 'masked' }]
  expect(await statusOf(staged.id)).toMatchObject({ ...all, state: 'done', created: 1_199, refused: 1, problems })
  const refused = await it.send('owner', 'GET', `/api/imports/${staged.id}/refused`)
  const lines = refused.body.trim().split(/\r?\n/)
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^702,打了码的值/)
  expect(lines[1]).toContain('批量700')
  const cut = await below('interaction', (await one('phones', '+8613921160701')).id)
  expect(cut.map(({ text }) => text)).toEqual([`${'y'.repeat(3_999)}😀`])
})

test('what a referrer adds to full notes is cut at a whole character', async () => {
  const notes = `${'字'.repeat(3_980)}${'😀'.repeat(18)}`
  const list = `姓名,手机,备注,介绍人电话\n甲,13911165001,${notes},13911165999\n`
  expect(await importList(list)).toMatchObject({ ...all, state: 'done', created: 1 })
  expect((await one('phones', '+8613911165001')).notes).toBe(`${notes}\n介`)
})

test('a dry run counts what would come of each row and writes nothing', async () => {
  await it.house.addCustomers([{ name: '在', phones: ['+8613911170001'] }])
  const count = async () => (await it.house.db.owner.query<{ n: number }>('select count(*)::int as n from customers')).rows[0]!.n
  const before = await count()
  const list = [
    '姓名,手机',
    '甲,13911170001',
    ...Array.from({ length: 700 }, (_, i) => `客${i},1381117${String(i % 650).padStart(4, '0')}`),
    '乙,138',
  ]
  const status = await importList(list.join('\n'), { dryRun: true })
  expect(status).toMatchObject({ state: 'done', created: 650, skipped: 51, refused: 1 })
  expect(await count()).toBe(before)
  expect(await importList(list.join('\n'))).toMatchObject({ created: 650, skipped: 51, refused: 1 })
  expect(await count()).toBe(before + 650)
})

test('whoever is erased while a list with them is open is not brought back, and the job goes on', async () => {
  const people = await it.house.addCustomers([
    { name: '先删', phones: ['+8613911180001'] },
    { name: '后删', phones: ['+8613911180002'], emails: ['later@example.com'] },
    { name: '留下', phones: ['+8613911180003'] },
  ])
  const staged = await stage('姓名,手机,邮箱,备注\n先删,13911180001,,a\n后删,,LATER@example.com,b\n留下,13911180003,,c\n')
  const erase = (n: number) =>
    it.send('owner', 'POST', `/api/customers/${people[n]!.id}/erase`, { version: people[n]!.version, reason: '本人要求' })
  expect((await erase(0)).statusCode).toBe(200)
  await start(staged, { onDuplicate: 'merge' })
  // The other one goes between the lookup and the writing.
  const { transaction } = it.parts.records
  let isErased = false
  const records = {
    ...it.parts.records,
    transaction: (async (...of: Parameters<typeof transaction>) => {
      if (!isErased) {
        isErased = true
        expect((await erase(1)).statusCode).toBe(200)
      }
      return transaction(...of)
    }) as typeof transaction,
  }
  await runJob(staged.id, {
    parts: { ...it.parts, records },
    connect: it.house.db.database.connect as never,
    signal: new AbortController().signal,
    onFault: (_id, error) => {
      throw error
    },
  })
  expect(await statusOf(staged.id)).toMatchObject({ ...all, state: 'done', updated: 1, skipped: 2 })
  expect(await find('phones', '+8613911180001')).toEqual([])
  expect(await find('emails', 'later@example.com')).toEqual([])
  expect((await one('phones', '+8613911180003')).notes).toBe('c')
})

test('whoever is erased with their household, or was merged into whom was erased, is not brought back by an open list either', async () => {
  const [house, twin, alone] = await it.house.addCustomers([
    { name: '一家之主', phones: ['+8613911185001'] },
    { name: '并入的', phones: ['+8613911185002'] },
    { name: '还在的', phones: ['+8613911185003'] },
  ])
  const add = (id: string, name: string, phone: string) =>
    it.send('owner', 'POST', `/api/customers/${id}/contacts`, { name, phones: [phone] })
  await add(house!.id, '其妻', '+8613911185004')
  const friend = (await add(alone!.id, '朋友', '+8613911185005')).json<{ id: string; version: number }>()
  const staged = await stage('姓名,手机\n主,13911185001\n并,13911185002\n妻,13911185004\n友,13911185005\n新,13911185006\n')
  const others = [{ id: twin!.id, version: twin!.version }]
  expect((await it.send('owner', 'POST', `/api/customers/${house!.id}/merge`, { version: house!.version, others })).statusCode).toBe(200)
  const { version } = (await it.send('owner', 'GET', `/api/customers/${house!.id}`)).json<{ version: number }>()
  const why = { reason: '本人要求' }
  expect((await it.send('owner', 'POST', `/api/customers/${house!.id}/erase`, { version, ...why })).statusCode).toBe(200)
  expect((await it.send('owner', 'POST', `/api/contacts/${friend.id}/erase`, { version: friend.version, ...why })).statusCode).toBe(200)
  await start(staged, { onDuplicate: 'merge' })
  await run(staged.id)
  expect(await statusOf(staged.id)).toMatchObject({ ...all, state: 'done', created: 1, skipped: 4 })
})

test('an import is undone: what it made goes, what it changed is put back, what was changed since stays and is said', async () => {
  const [known] = await it.house.addCustomers([{ name: '旧客', phones: ['+8613911190001'], notes: '原来的' }])
  const staged = await stage(
    '姓名,手机,备注,购买日期,产品,短信同意\n旧客,13911190001,新备注,2024-03-15,KEF,是\n新客,13911190002,,2024-03-15,LS60,是\n改过,13911190003,,,,\n',
  )
  await start(staged, { onDuplicate: 'merge' })
  await run(staged.id)
  expect(await statusOf(staged.id)).toMatchObject({ created: 2, updated: 1 })
  const edited = await one('phones', '+8613911190003')
  await it.send('owner', 'PATCH', `/api/customers/${edited.id}`, { version: edited.version, name: '改过的' })
  const undo = await it.send('owner', 'POST', `/api/jobs/${staged.id}/undo`)
  expect(undo.statusCode).toBe(202)
  await run(undo.json<{ id: string }>().id)
  expect(await find('phones', '+8613911190002')).toEqual([])
  expect((await one('phones', '+8613911190003')).name).toBe('改过的')
  const scope = { ...decide(it.house.actors.owner, 'customer'), entity: 'customer' } as const
  expect((await it.parts.records.get(scope, known!.id)).notes).toBe('原来的')
  expect(await below('interaction', known!.id)).toEqual([])
})

test('a workbook goes through as a list does, and its refused rows come back with their numbers', async () => {
  const rows = [
    ['客户表'],
    [],
    ['姓名', '电话'],
    ...Array.from({ length: 1_200 }, (_, i) => [`表${i}`, i % 100 === 7 ? '1.38E+10' : 13_600_000_001 + i]),
  ]
  const staged = await stage(makeWorkbook([{ name: '客户', rows }]))
  await start(staged)
  await run(staged.id)
  expect(await statusOf(staged.id)).toMatchObject({ created: 1_188, refused: 12 })
  const refused = await it.send('owner', 'GET', `/api/imports/${staged.id}/refused`)
  const lines = refused.body.trim().split(/\r?\n/)
  expect(lines.map((line) => line.split(',')[0]).slice(1)).toEqual(Array.from({ length: 12 }, (_, i) => String(i * 100 + 11)))
})
