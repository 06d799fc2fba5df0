import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApp, type TestApp, type Who } from '../../../test/support/app.ts'
import { grantRoles } from '../../auth/roleGrants.ts'
import { isReviewSealed } from './decideReview.ts'
import { carryOutDepartures, keepCalendar, suspendDormant } from './lifecycle.ts'
import { isReviewDue } from './openReview.ts'

let it: TestApp
beforeAll(async () => {
  it = await testApp()
})
afterAll(() => it.close())

const codeOf = (answer: { body: string }): unknown => (answer.body === '' ? null : (JSON.parse(answer.body) as { code?: unknown }).code)
const idOf = (who: Who): string => it.house.actors[who].staffId
const sql = (text: string, values: unknown[] = []) => it.house.db.owner.query(text, values)
const later = (days: number): Date => new Date(Date.now() + days * 86_400_000)
const rolesOf = async (id: string): Promise<readonly string[]> => (await it.parts.actors.ofStaff(it.parts.pool, id))?.roles ?? []
let hired = 0
const hire = async (roles: string[]): Promise<string> => {
  const body = { login: `xin${(hired += 1)}`, name: '新人', roles, storeIds: [it.house.stores.north.id] }
  return (await it.send('owner', 'POST', '/api/staff', body)).json<{ id: string }>().id
}
type Review = {
  id: string
  items: { staffId: string; role: string; decision: string | null; unused: string[]; unusual: boolean; own: boolean }[]
  hasty: string[]
  report: string | null
  seal: string | null
}
const read = async (id: string): Promise<Review> => (await it.send('owner', 'GET', `/api/reviews/${id}`)).json<Review>()
const decide = (who: Who, id: string, staffId: string, role: string, decision: string) =>
  it.send(who, 'POST', `/api/reviews/${id}/decide`, { staffId, role, decision })

test('a review asks each role of each person, takes away what is not kept, and leaves a sealed record that the log knows', async () => {
  const [keeps, loses, forgotten] = [await hire(['finance']), await hire(['finance', 'marketing']), await hire(['installer'])]
  const { id } = (await it.send('owner', 'POST', '/api/reviews', { kind: 'all' })).json<{ id: string }>()
  expect((await it.send('owner', 'POST', '/api/reviews', { kind: 'all' })).json()).toEqual({ id })
  const { items } = await read(id)
  expect(items.filter(({ staffId }) => staffId === loses)).toMatchObject([
    { role: 'finance', own: false, unusual: false },
    { role: 'marketing', unusual: true },
  ])
  expect(items.find(({ staffId }) => staffId === idOf('manager'))).toMatchObject({ unused: ['trash', 'import', 'export'] })
  for (const who of ['manager', 'consultantA', 'auditor'] as const)
    expect(codeOf(await decide(who, id, keeps, 'finance', 'keep'))).toBe('not_found')
  expect(codeOf(await decide('owner', id, idOf('owner'), 'owner', 'keep'))).toBe('own_rights')
  expect(codeOf(await decide('owner', id, keeps, 'auditor', 'keep'))).toBe('not_found')
  expect((await decide('owner', id, keeps, 'finance', 'keep')).statusCode).toBe(204)
  expect((await decide('owner', id, loses, 'marketing', 'remove')).statusCode).toBe(204)
  expect(await rolesOf(loses)).toEqual(['finance'])
  expect(codeOf(await decide('owner', id, loses, 'marketing', 'keep'))).toBe('version_conflict')
  expect(codeOf(await it.send('owner', 'POST', `/api/reviews/${id}/close`))).toBe('version_conflict')

  await sql("update auth.review set due_at = now() - interval '1 minute' where id = $1", [id])
  await keepCalendar(it.parts, new Date())
  expect([await rolesOf(keeps), await rolesOf(forgotten), await rolesOf(idOf('owner'))]).toEqual([['finance'], [], ['owner']])
  const closed = await read(id)
  const decisions = new Map(closed.items.map(({ staffId, role, decision }) => [`${staffId} ${role}`, decision]))
  expect(
    [`${keeps} finance`, `${loses} marketing`, `${forgotten} installer`, `${idOf('owner')} owner`].map((key) => decisions.get(key)),
  ).toEqual(['keep', 'remove', 'expired', 'exempt'])
  expect(await isReviewSealed(it.parts, closed.report!, closed.seal!)).toBe(true)
  expect(await isReviewSealed(it.parts, closed.report!.replace('expired', 'keep'), closed.seal!)).toBe(false)
  expect(codeOf(await decide('owner', id, keeps, 'finance', 'remove'))).toBe('version_conflict')
  const logged = await sql("select 1 from audit.entry where action = 'review_close'")
  expect(logged.rowCount).toBe(1)
  // Everybody but the owner lost what nobody decided: the house is as it was for the tests that follow.
  const macKey = await it.parts.macKey()
  for (const { staffId, roles, storeIds } of Object.values(it.house.actors))
    await grantRoles(it.parts.pool, macKey, { staffId, roles, storeIds, grantedBy: null })
})

test('whoever keeps everything without reading is named in the record', async () => {
  for (let i = 0; i < 6; i += 1) await hire(['finance'])
  const { id } = (await it.send('owner', 'POST', '/api/reviews', { kind: 'all' })).json<{ id: string }>()
  const { items } = await read(id)
  for (const { staffId, role } of items.filter(({ own }) => !own)) await decide('owner', id, staffId, role, 'keep')
  expect((await read(id)).hasty).toEqual([idOf('owner')])
})

test('reviews are due by the calendar: the privileged every quarter, all every half year', async () => {
  await sql("update auth.review set closed_at = now(), report = '{}', seal = 'x' where closed_at is null")
  const due = (days: number) => Promise.all((['privileged', 'all'] as const).map((kind) => isReviewDue(it.parts, kind, later(days))))
  expect(await due(90)).toEqual([false, false])
  expect(await due(92)).toEqual([true, false])
  expect(await due(183)).toEqual([true, true])
  await keepCalendar(it.parts, later(92))
  const { rows } = await sql('select kind from auth.review where closed_at is null')
  expect(rows).toEqual([{ kind: 'privileged' }])
  const { items } = await read((await sql('select id from auth.review where closed_at is null')).rows[0].id as string)
  expect(items.map(({ role }) => role).toSorted()).toEqual(['auditor', 'owner'])
})

test('an account that nobody used for 45 days is suspended; the last owner is spared, whoever has just come too', async () => {
  const [used, unused, fresh] = [await hire(['finance']), await hire(['finance']), await hire(['finance'])]
  await sql("update staff set created_at = now() - interval '46 days' where id = any($1)", [[used, unused, idOf('owner')]])
  await it.parts.audit.append({
    actor: (await it.parts.actors.ofStaff(it.parts.pool, used))!,
    action: 'read',
    entity: 'staff',
    outcome: 'done',
  })
  await suspendDormant(it.parts)
  const { rows } = await sql('select staff_id, reason from auth.suspension where staff_id = any($1)', [
    [used, unused, fresh, idOf('owner')],
  ])
  expect(rows).toEqual([{ staff_id: unused, reason: 'dormant' }])
  expect((await it.send('owner', 'POST', `/api/people/${unused}/resume`)).statusCode).toBe(204)
})

test('who has left has nothing any more, and what they lent is over', async () => {
  const [leaves, stays] = [await hire(['salesConsultant']), await hire(['salesConsultant'])]
  const actor = (await it.parts.actors.ofStaff(it.parts.pool, leaves))!
  const macKey = await it.parts.macKey()
  const { addGrant } = await import('../../auth/roleGrants.ts')
  const lent = { staffId: stays, role: 'salesConsultant', storeIds: [], grantedBy: leaves, startsAt: null, endsAt: later(9).toISOString() }
  await addGrant(it.parts.pool, macKey, { ...lent, kind: 'delegated', forStaff: leaves })
  await it.parts.sessions.begin(actor)
  expect(await carryOutDepartures(it.parts)).toBe(0)
  await sql('update staff set leaves_on = current_date - 2 where id = $1', [leaves])
  expect(await it.parts.actors.ofStaff(it.parts.pool, leaves)).toBeNull()
  expect(await carryOutDepartures(it.parts)).toBe(1)
  expect(await carryOutDepartures(it.parts)).toBe(0)
  const left = await sql(
    `select (select count(*)::int from auth.role_grant where staff_id = $1 or for_staff = $1) as grants,
      (select count(*)::int from auth.session where staff_id = $1) as sessions, (select count(*)::int from auth.credential where staff_id = $1) as ways`,
    [leaves],
  )
  expect(left.rows).toEqual([{ grants: 0, sessions: 0, ways: 0 }])
})
