import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dengbaoItems, judgeDengbao } from '../../../domain/compliance/dengbao.ts'
import { password, testApp, type TestApp } from '../../../test/support/app.ts'
import { isComplex } from '../../auth/passwordRules.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

type Told = { profile: boolean; items: { ref: string; verdict: string; reasons: { code: string; count: number }[] }[] }
const read = async () => (await it.send('auditor', 'GET', '/api/dengbao')).json<Told>()
const item = async (ref: string) => (await read()).items.find((one) => one.ref === ref)!
const flip = (on: boolean) => it.send('owner', 'PUT', '/api/dengbao', { on })
const forget = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_100))
const sql = (text: string, values: unknown[] = []) => it.house.db.owner.query(text, values)
const begin = async (who: 'consultantB') => {
  const { token, session } = await it.parts.sessions.begin(it.house.actors[who])
  return { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
}

const reference = join(import.meta.dirname, '../../../../shared/references/dengbao-l3-8.1.4.json')
test.skipIf(!existsSync(reference))('every item of the standard’s list has its place, in order', () => {
  const { items } = JSON.parse(readFileSync(reference, 'utf8')) as { items: { ref: string }[] }
  expect(dengbaoItems.map(({ ref }) => ref)).toEqual(items.map(({ ref }) => ref))
})

test('each item is met in a house that is in order, and each fact that is not tells on its item alone', () => {
  const good = {
    profile: true,
    people: 9,
    withoutRole: 0,
    oldPasswords: 0,
    firstPasswords: 0,
    withoutSecondFactor: 0,
    secondFactorFor: 'everyone',
    transport: 'tls',
    dormant: 0,
    departuresPending: 0,
    deviations: 0,
    deviationsOverdue: 0,
    reviewsOverdue: 0,
    auditWritable: true,
    auditInOrder: true,
    recordsDiffer: 0,
    backupDue: false,
  } as const
  expect(judgeDengbao(good).filter(({ verdict }) => verdict !== 'met')).toEqual([])
  const worse: [object, string, string][] = [
    [{ oldPasswords: 2 }, '8.1.4.1.a', 'unmet'],
    [{ transport: 'proxy' }, '8.1.4.1.c', 'deviates'],
    [{ withoutSecondFactor: 1 }, '8.1.4.1.d', 'unmet'],
    [{ secondFactorFor: 'privileged' }, '8.1.4.1.d', 'deviates'],
    [{ withoutRole: 1 }, '8.1.4.2.a', 'deviates'],
    [{ firstPasswords: 1 }, '8.1.4.2.b', 'unmet'],
    [{ dormant: 1 }, '8.1.4.2.c', 'unmet'],
    [{ departuresPending: 1 }, '8.1.4.2.c', 'unmet'],
    [{ reviewsOverdue: 1 }, '8.1.4.2.c', 'unmet'],
    [{ deviations: 1 }, '8.1.4.2.d', 'deviates'],
    [{ deviations: 1, deviationsOverdue: 1 }, '8.1.4.2.d', 'unmet'],
    [{ auditWritable: false }, '8.1.4.3.a', 'unmet'],
    [{ backupDue: true }, '8.1.4.3.c', 'unmet'],
    [{ recordsDiffer: 3 }, '8.1.4.3.c', 'unmet'],
    [{ auditInOrder: false }, '8.1.4.3.d', 'unmet'],
  ]
  for (const [facts, ref, verdict] of worse) {
    const changed = judgeDengbao({ ...good, ...facts }).filter((one) => one.verdict !== 'met')
    expect(changed.map((one) => [one.ref, one.verdict])).toEqual([[ref, verdict]])
  }
})

test('three kinds of characters of four', () => {
  expect(['abcDEF123', 'Abc-def', 'abc123 静', '静听 Abc'].map(isComplex)).toEqual([true, true, true, true])
  expect(['abcdef123', 'ABC123', '静听静听', 'abc def'].map(isComplex)).toEqual([false, false, false, false])
})

test('the page counts what is so now, and says why an item is departed from', async () => {
  expect((await read()).profile).toBe(false)
  expect(await item('8.1.4.1.a')).toMatchObject({ verdict: 'deviates', reasons: [{ code: 'no_rotation', count: 0 }] })
  expect(await item('8.1.4.1.d')).toMatchObject({ verdict: 'unmet' })
  expect(await item('8.1.4.2.f')).toEqual({ ref: '8.1.4.2.f', verdict: 'met', reasons: [] })
  for (const who of ['manager', 'consultantA'] as const) expect((await it.send(who, 'GET', '/api/dengbao')).statusCode).toBe(404)
  expect((await it.send('auditor', 'PUT', '/api/dengbao', { on: true })).statusCode).toBe(404)
})

test('switched on, passwords age, idle sessions end, and everybody owes a second factor; a setting made behind our back does nothing', async () => {
  await sql(`insert into setting (key, value) values ('profile', '{"on": true}') on conflict (key) do update set value = '{"on": true}'`)
  expect((await read()).profile).toBe(false)
  expect((await flip(true)).json<Told>().profile).toBe(true)
  const headers = await begin('consultantB')
  const look = () => it.send(null, 'GET', '/api/session', undefined, headers)
  const { staffId } = it.house.actors.consultantB
  expect((await look()).json()).toMatchObject({ owes: null, factorDue: expect.any(String) })
  // The age is under the row's MAC only where a password is compared; here the row itself is what counts.
  await sql("update auth.credential set password_set_at = now() - interval '91 days' where staff_id = $1", [staffId])
  await forget()
  expect((await look()).json()).toMatchObject({ owes: 'password' })
  await sql('update auth.credential set password_set_at = now() where staff_id = $1', [staffId])
  await sql("update auth.session set seen_at = now() - interval '31 minutes' where staff_id = $1", [staffId])
  await forget()
  // Ended, not locked.
  expect((await look()).json()).toMatchObject({ code: 'not_signed_in' })
  expect((await flip(false)).json<Told>().profile).toBe(false)
  await forget()
  expect((await look()).json()).toMatchObject({ code: 'locked' })
})

test('under the profile a password that is changed has to be complex', async () => {
  await flip(true)
  const change = (to: string) => it.send('consultantA', 'PUT', '/api/me/password', { current: password, password: to })
  const plain = await change('hinter dem hause liegt ein stiller see')
  expect(plain.json()).toMatchObject({ code: 'input_invalid', details: { problems: [{ field: 'password', problem: 'too_plain' }] } })
  expect((await change('Hinter dem Hause liegen 3 stille Seen')).statusCode).toBeLessThan(300)
  await flip(false)
})
