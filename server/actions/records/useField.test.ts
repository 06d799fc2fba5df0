import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp } from '../../../test/support/app.ts'
import { AppError } from '../../../domain/errors.ts'
import type { NumberRelay } from '../../relay/numberRelay.ts'

let it: TestApp
let id: string
beforeAll(async () => {
  it = await testApp()
  const [made] = await it.house.addCustomers([
    { phones: ['+8613812345678', '+862162345678'], emails: ['li+yin@example.com'], ownerId: it.house.actors.manager.staffId },
  ])
  id = made!.id
})
afterEach(() => installRelay(null))
afterAll(() => it.close())

const installRelay = (relay: NumberRelay | null): void => void ((it.parts as { relay: NumberRelay | null }).relay = relay)
const use = async (body: object, who: 'consultantA' | 'manager' = 'consultantA') => it.send(who, 'POST', `/api/customers/${id}/use`, body)
const call = { field: 'phones', index: 0, use: 'call' }
const newest = async () =>
  (
    await it.house.audit.entriesOfActor(it.house.actors.consultantA.staffId, {
      actions: ['use_call', 'use_message', 'use_navigate'],
      withDetail: true,
    })
  )[0]!

test.each([
  [{ field: 'phones', index: 0, use: 'call' }, 'tel:+8613812345678'],
  [{ field: 'phones', index: 1, use: 'call' }, 'tel:+862162345678'],
  [{ field: 'phones', index: 1, use: 'message' }, 'sms:+862162345678'],
  [{ field: 'emails', index: 0, use: 'message' }, 'mailto:li%2Byin%40example.com'],
])('%o gives %s', async (body, value) => {
  expect((await use(body)).json()).toEqual({ value })
  expect(await newest()).toMatchObject({ action: `use_${body.use}`, fields: [body.field], outcome: 'done' })
})

test('a contact is called and written to as a customer is', async () => {
  const added = await it.send('manager', 'POST', `/api/customers/${id}/contacts`, {
    name: '顾太太',
    phones: ['13812340077'],
    wechatIds: ['gu_taitai'],
  })
  const contact = added.json<{ id: string }>().id
  const useOf = async (body: object) => (await it.send('consultantA', 'POST', `/api/contacts/${contact}/use`, body)).json<unknown>()
  expect(await useOf({ field: 'phones', index: 0, use: 'call' })).toEqual({ value: 'tel:+8613812340077' })
  expect(await useOf({ field: 'wechatIds', index: 0, use: 'message' })).toEqual({ value: 'gu_taitai' })
  expect(await newest()).toMatchObject({ action: 'use_message', entity: 'contact', ids: [contact], outcome: 'done' })
})

test('a place that the list does not have is refused', async () => {
  expect((await use({ ...call, index: 2 })).json()).toMatchObject({
    code: 'input_invalid',
    details: { problems: [{ field: 'index', problem: 'range' }] },
  })
})

/** A platform that remembers what it was asked. */
const fakeRelay = (over: Partial<NumberRelay> = {}) => {
  const asked: unknown[][] = []
  const relay: NumberRelay = {
    minutes: 15,
    bind: async (...of) => {
      asked.push(['bind', ...of])
      return { id: 'b-7', relay: '+8617012345678', until: '2026-11-25T12:00:00.000Z' }
    },
    unbind: async (...of) => void asked.push(['unbind', ...of]),
    ...over,
  }
  return { relay, asked }
}

test('over a relay a call gets the relay number and never the real one, and is on record as such', async () => {
  const { relay, asked } = fakeRelay()
  installRelay(relay)
  const answer = await use({ ...call, caller: '139 0000 0001' })
  expect(answer.json()).toMatchObject({ value: 'tel:+8617012345678', via: 'relay', until: '2026-11-25T12:00:00.000Z' })
  expect(answer.body).not.toContain('13812345678')
  expect(asked).toEqual([['bind', '+8613900000001', '+8613812345678', 15]])
  expect(await newest()).toMatchObject({ action: 'use_call', outcome: 'done', detail: { via: 'relay', caller: '+8613900000001' } })
  const log = (await it.send('auditor', 'GET', '/api/audit?action=use_call')).json<{ items: { via: string | null }[] }>()
  expect(log.items[0]!.via).toBe('relay')
  expect((await it.send('consultantA', 'GET', '/api/session')).json()).toMatchObject({ relay: true })
  // Other uses of the number do not go over it.
  expect((await use({ ...call, use: 'copy' })).json()).toEqual({ value: '+8613812345678' })
})

test.each([[undefined], [''], ['1380'], ['+8613812']])(
  'without a caller’s number (%s) nothing is bound and nothing used',
  async (caller) => {
    const { relay, asked } = fakeRelay()
    installRelay(relay)
    const before = await newest()
    const answer = await use({ ...call, ...(caller === undefined ? {} : { caller }) })
    expect(answer.json()).toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'caller' }] } })
    expect(asked).toEqual([])
    expect((await newest()).entryId).toBe(before.entryId)
  },
)

test('a platform that fails is said and on record; the number does not come out instead', async () => {
  installRelay(fakeRelay({ bind: () => Promise.reject(new AppError('relay_unavailable', { problem: 'timeout' })) }).relay)
  const answer = await use({ ...call, caller: '13900000001' })
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([502, 'relay_unavailable'])
  expect(answer.body).not.toContain('12345678')
  expect(await newest()).toMatchObject({ action: 'use_call', outcome: 'failed', detail: { via: 'relay' } })
})

test('a call is ended by whoever made it, and by nobody else', async () => {
  const { relay, asked } = fakeRelay()
  installRelay(relay)
  const { binding } = (await use({ ...call, caller: '13900000001' })).json<{ binding: string }>()
  const end = async (who: 'consultantA' | 'manager', ticket: string) =>
    (await it.send(who, 'POST', '/api/relay/end', { binding: ticket })).statusCode
  expect(await end('manager', binding)).toBe(404)
  expect(await end('consultantA', binding.replace('b-7', 'b-8'))).toBe(404)
  expect(asked.filter(([act]) => act === 'unbind')).toEqual([])
  expect(await end('consultantA', binding)).toBe(204)
  expect(asked.at(-1)).toEqual(['unbind', 'b-7'])
})
