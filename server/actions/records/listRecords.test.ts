import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { readListQuery } from './listQuery.ts'
import { listRecords } from './listRecords.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
  const made = await it.house.addCustomers(Array.from({ length: 5 }, (_, i) => ({ name: `沈${i}` })))
  expect(made).toHaveLength(5)
  // However long the machine takes to follow.
  await vi.waitFor(() => expect(it.parts.search.status().records).toBe(5), { timeout: 60_000 })
})
afterAll(() => it.close())

const newestEntry = async () =>
  (await it.house.db.owner.query<{ id: number; action: string }>('select id, action from audit.entry order by id desc limit 1')).rows[0]!
const searches = async (): Promise<number> =>
  (await it.house.db.owner.query<{ count: number }>("select count(*)::int as count from audit.entry where action = 'search'")).rows[0]!
    .count

test('a question that was withdrawn opens nobody, costs no budget and leaves no entry', async () => {
  const { actors } = it.house
  const scope = it.house.scope(actors.owner, 'customer')
  const query = readListQuery(scope, new URLSearchParams({ q: '沈' }))
  const before = await newestEntry()
  const parts = { ...it.parts, records: { ...it.parts.records, getMany: () => Promise.reject(new Error('opened')) } }
  await expect(listRecords(parts, scope, query, 0, AbortSignal.abort())).rejects.toMatchObject({ code: 'hung_up' })
  expect(await newestEntry()).toEqual(before)
  expect((await listRecords(it.parts, scope, query, 0, new AbortController().signal)).total).toBe(5)
  expect((await newestEntry()).action).toBe('search')
})

test('a caller who hangs up before the answer is noticed', async () => {
  const headers = await it.headersOf('owner')
  const address = await it.app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(address).port)
  let release = (): void => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  let asked = (): void => {}
  const arrived = new Promise<void>((resolve) => (asked = resolve))
  const { page } = it.parts.search
  const search = it.parts.search as { page: typeof page }
  search.page = async (scope, query) => {
    asked()
    await held
    return page(scope, query)
  }
  const before = await searches()
  try {
    const accepted = once(it.app.server, 'connection') as Promise<[Socket]>
    const socket = connect(port, '127.0.0.1')
    const [served] = await accepted
    socket.write(`GET /api/customers?q=%E6%B2%88 HTTP/1.1\r\nHost: localhost\r\nCookie: ${headers['cookie']}\r\n\r\n`)
    await arrived
    const noticed = once(served, 'close')
    socket.destroy()
    await noticed
    release()
    // What this leaves stands behind whatever the question before it would have left.
    await it.send('owner', 'GET', '/api/customers')
    expect(await searches()).toBe(before)
    expect((await newestEntry()).action).toBe('list')
  } finally {
    search.page = page
  }
})
