import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import { type Actor, shippedStanding } from '../../domain/policy/actor.ts'
import { customerInput, testHouse, type TestHouse } from '../../test/support/house.ts'
import { systemActor } from '../audit/systemActor.ts'
import type { InputOf, PatchOf, RowOf } from './records.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const code = (expected: string, details?: object) =>
  expect.objectContaining({ code: expected, ...(details ? { details: expect.objectContaining(details) } : {}) })
const create = async (actor: Actor, over: Partial<InputOf<'customer'>> = {}): Promise<RowOf<'customer'>> => {
  const { records, scope, stores, actors } = house
  return (
    await records.transaction(actor, (tx) =>
      tx.create(scope(actor, 'customer'), customerInput(stores.north.id, actors.consultantA.staffId, over)),
    )
  ).value
}
const change = async (actor: Actor, id: string, version: number, patch: PatchOf<'customer'>): Promise<RowOf<'customer'>> =>
  (await house.records.transaction(actor, (tx) => tx.change(house.scope(actor, 'customer'), id, version, patch))).value
const leafOf = async (position: number) => (await house.audit.find({ before: position + 1, limit: 1 }))[0]!

test('every entity comes back as it was created and changed', async () => {
  const { records, actors, scope, stores } = house
  const a = actors.consultantA
  const input = customerInput(stores.north.id, a.staffId, {
    notes: '喜欢黑胶\n第二行',
    tags: ['老客户', '"引号" \\ {括号}'],
    phones: ['+8613800138000', '+442079460000'],
  })
  const { value: made, position } = await records.transaction(a, (tx) => tx.create(scope(a, 'customer'), input))
  expect(position).toBeGreaterThan(0)
  expect(await records.get(scope(a, 'customer'), made.id)).toEqual(made)
  expect(made).toMatchObject(input)

  const changed = await change(a, made.id, 1, { wechatIds: [], phones: [], notes: '𠮷 㐂 مرحبا' })
  expect(changed).toMatchObject({ ...input, wechatIds: [], phones: [], notes: '𠮷 㐂 مرحبا', version: 2 })
  expect(await records.get(scope(a, 'customer'), made.id)).toEqual(changed)

  const call = { customerId: made.id, kind: 'call' as const, happenedAt: '2026-03-01T08:30:00.120Z', staffId: a.staffId, text: '想看投影' }
  const { value: interaction } = await records.transaction(a, (tx) => tx.create(scope(a, 'interaction'), call))
  expect(interaction).toMatchObject({ ...call, subject: made.subject })
  const timeline = await records.list(scope(a, 'interaction'), { where: { customerId: made.id }, orderBy: 'happenedAt', descending: true })
  expect(timeline).toEqual({ rows: [interaction], damaged: [], more: false })

  const staff = await records.get(scope(a, 'staff'), a.staffId)
  expect(staff).toMatchObject({
    login: 'xiaoai',
    name: '员工xiaoai',
    roles: ['salesConsultant'],
    storeIds: [stores.north.id],
    kind: 'person' as const,
    active: true,
  })
  const { value: store } = await records.transaction(actors.owner, (tx) =>
    tx.change(scope(actors.owner, 'store'), stores.south.id, 1, { region: '华东' }),
  )
  expect(await records.get(scope(a, 'store'), stores.south.id)).toEqual(store)
})

test('nothing personal lies in the tables in the clear', async () => {
  const made = await create(house.actors.consultantA, { name: '独一无二的名字', notes: '密语' })
  const { rows } = await house.db.owner.query<{ text: string }>('select r::text as text from customers r where id = $1', [made.id])
  for (const secret of ['独一无二的名字', '密语', '13800138000', 'shen@example.com']) {
    expect(rows[0]!.text).not.toContain(secret)
    expect(rows[0]!.text).not.toContain(Buffer.from(secret).toString('hex'))
  }
  await expect(
    house.db.owner.query('update customers set sealed_personal = $2 where id = $1', [made.id, Buffer.from('plain text '.repeat(20))]),
  ).rejects.toMatchObject({ code: '23514' })
})

test('an envelope that was edited, moved to another record, or is an old one of its own record does not open', async () => {
  const { records, scope, actors, db } = house
  const a = actors.consultantA
  const put = (id: string, envelope: Buffer) => db.owner.query('update customers set sealed_personal = $2 where id = $1', [id, envelope])
  const stored = async (id: string): Promise<Buffer> =>
    (await db.owner.query<{ e: Buffer }>('select sealed_personal as e from customers where id = $1', [id])).rows[0]!.e
  const [one, other] = [await create(a), await create(a)]
  const original = await stored(one.id)

  const edited = Buffer.from(original)
  edited[100]! ^= 1
  const third = await change(a, one.id, 1, { notes: 'neu' })
  for (const wrong of [edited, await stored(other.id), original]) {
    const genuine = await stored(one.id)
    await put(one.id, wrong)
    await expect(records.get(scope(a, 'customer'), one.id)).rejects.toThrow(code('envelope_invalid'))
    await expect(change(a, one.id, 2, { notes: 'x' })).rejects.toThrow(code('envelope_invalid'))
    expect(await records.verifyEnvelopes('customer', [one.id, other.id])).toEqual([{ id: one.id, groups: ['personal'] }])
    await put(one.id, genuine)
  }
  expect(await records.get(scope(a, 'customer'), one.id)).toEqual(third)
  expect(await records.verifyEnvelopes('customer', [one.id, other.id])).toEqual([])

  // A record that the log has never heard of.
  const unknown = '00000000-0000-7000-8000-000000000001'
  await db.owner.query('update customers set id = $2 where id = $1', [other.id, unknown])
  await expect(records.get(scope(a, 'customer'), unknown)).rejects.toThrow(code('envelope_invalid'))
  expect(await records.verifyEnvelopes('customer', [unknown])).toHaveLength(1)
  await db.owner.query('update customers set id = $2 where id = $1', [unknown, other.id])
})

test('of two editors the second is told the current version, also when both are under way', async () => {
  const a = house.actors.consultantA
  const made = await create(a)
  await change(a, made.id, 1, { notes: 'erste' })
  await expect(change(a, made.id, 1, { notes: 'zweite' })).rejects.toThrow(code('version_conflict', { current: 2 }))
  const ends = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => change(a, made.id, 2, { notes: `n${i}` })))
  expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1)
  for (const end of ends) if (end.status === 'rejected') expect(end.reason).toEqual(code('version_conflict', { current: 3 }))
  expect(await house.records.get(house.scope(a, 'customer'), made.id)).toMatchObject({ version: 3 })
})

test('what is out of sight is not found, for reading and for writing alike', async () => {
  const { records, scope, actors } = house
  const made = await create(actors.consultantA)
  const b = actors.consultantB
  const absent = '00000000-0000-4000-8000-000000000000'
  for (const id of [made.id, absent, 'no id at all', `${made.id}'`]) {
    await expect(records.get(scope(b, 'customer'), id)).rejects.toThrow(code('not_found'))
    await expect(change(b, id, 1, { notes: 'x' })).rejects.toThrow(code('not_found'))
  }
  const nothing = { rows: [], damaged: [] }
  expect(await records.getMany(scope(b, 'customer'), [made.id, absent])).toEqual(nothing)
  expect(await records.list(scope(b, 'customer'))).toEqual({ ...nothing, more: false })
  expect(await records.list(scope(actors.auditor, 'customer'))).toEqual({ ...nothing, more: false })
  const call = { customerId: made.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: b.staffId, text: 'x' }
  await expect(records.transaction(b, (tx) => tx.create(scope(b, 'interaction'), call))).rejects.toThrow(code('not_found'))
  const attempts = await house.audit.entriesOfActor(b.staffId, { actions: ['read'] })
  expect(attempts.map((entry) => entry.outcome)).toContain('absent')
})

test('nobody moves a customer out of reach or into another store without the right to', async () => {
  const { records, scope, actors, stores } = house
  const { consultantA: a, manager, owner } = actors
  const mine = await create(a)
  await expect(change(a, mine.id, 1, { ownerId: owner.staffId })).rejects.toThrow(code('forbidden', { fields: ['ownerId'] }))
  await expect(change(a, mine.id, 1, { ownerId: null })).rejects.toThrow(code('forbidden'))
  await expect(change(a, mine.id, 1, { storeId: stores.south.id })).rejects.toThrow(code('forbidden', { fields: ['storeId'] }))
  await expect(create(a, { storeId: stores.south.id })).rejects.toThrow(code('forbidden'))
  const unowned = await create(owner, { ownerId: null })
  await expect(change(a, unowned.id, 1, { ownerId: a.staffId })).rejects.toThrow(code('forbidden'))
  // A manager hands over within the store, not out of it; the owner may do either. The same value again is no move.
  expect((await change(manager, mine.id, 1, { ownerId: manager.staffId })).ownerId).toBe(manager.staffId)
  await expect(change(a, mine.id, 2, { notes: 'no longer mine' })).rejects.toThrow(code('forbidden'))
  await expect(change(manager, mine.id, 2, { storeId: stores.south.id })).rejects.toThrow(code('forbidden'))
  expect((await change(manager, mine.id, 2, { storeId: stores.north.id, notes: 'same store' })).version).toBe(3)
  expect((await change(owner, mine.id, 3, { storeId: stores.south.id })).storeId).toBe(stores.south.id)
  await expect(records.get(scope(manager, 'customer'), mine.id)).rejects.toThrow(code('not_found'))
  // Refused attempts are on record, with names of fields.
  const refused = (await house.audit.entriesOfActor(a.staffId)).filter((entry) => entry.outcome === 'refused')
  expect(refused.some((entry) => entry.action === 'update' && entry.fields.includes('storeId') && entry.ids[0] === mine.id)).toBe(true)
})

test('trash and restore follow their own rights', async () => {
  const { records, scope, actors } = house
  const { consultantA: a, manager } = actors
  const made = await create(a)
  await expect(records.transaction(a, (tx) => tx.trash(scope(a, 'customer'), made.id, 1))).rejects.toThrow(code('forbidden'))
  const { value: gone } = await records.transaction(manager, (tx) => tx.trash(scope(manager, 'customer'), made.id, 1))
  expect(gone).toMatchObject({ version: 2, trashedAt: expect.any(String), name: made.name })
  expect((await records.list(scope(manager, 'customer'), { limit: 500 })).rows.map((row) => row.id)).not.toContain(made.id)
  expect((await records.list(scope(manager, 'customer'), { trashed: true })).rows.map((row) => row.id)).toEqual([made.id])
  const note = { customerId: made.id, kind: 'note' as const, happenedAt: '2026-03-01T08:30:00.000Z', staffId: a.staffId, text: 'x' }
  await expect(records.transaction(a, (tx) => tx.create(scope(a, 'interaction'), note))).rejects.toThrow(code('not_found'))
  const { value: back } = await records.transaction(manager, (tx) => tx.restore(scope(manager, 'customer'), made.id, 2))
  expect(back).toEqual({ ...made, version: 3, updatedAt: back.updatedAt })
})

test('a batch is created with a handful of statements and one entry, all or none', async () => {
  const { records, scope, actors, stores, audit } = house
  const a = actors.consultantA
  const inputs = Array.from({ length: 100 }, (_, i) =>
    customerInput(stores.north.id, a.staffId, { name: `批${i}`, phones: [`+86139${String(10_000_000 + i)}`] }),
  )
  const { value: rows, position } = await records.transaction(a, (tx) => tx.createMany(scope(a, 'customer'), inputs))
  expect(rows.map((row) => row.name)).toEqual(inputs.map((input) => input.name))
  expect(new Set(rows.map((row) => row.subject)).size).toBe(100)
  const read = await records.getMany(
    scope(a, 'customer'),
    rows.map((row) => row.id),
  )
  expect(read).toEqual({ rows, damaged: [] })
  expect(await leafOf(position)).toMatchObject({
    action: 'create',
    ids: rows.map((row) => row.id),
    staffId: a.staffId,
    sessionId: a.sessionId,
  })
  const listed = await audit.entriesOfSubject(rows[42]!.subject)
  expect(listed.map((entry) => entry.action)).toEqual(['list', 'create'])
  expect(listed[0]!.fields).toContain('phones')

  const bad = [...inputs.slice(0, 3), { ...inputs[3]!, phones: ['not a phone'] }]
  await expect(records.transaction(a, (tx) => tx.createMany(scope(a, 'customer'), bad))).rejects.toThrow(
    code('input_invalid', { index: 3 }),
  )
  const elsewhere = [inputs[0]!, { ...inputs[1]!, storeId: stores.south.id }]
  const before = await house.db.owner.query('select from customers')
  await expect(records.transaction(a, (tx) => tx.createMany(scope(a, 'customer'), elsewhere))).rejects.toThrow(code('forbidden'))
  expect((await house.db.owner.query('select from customers')).rowCount).toBe(before.rowCount)
})

test('a failing act of a transaction undoes all of it, its audit entries too', async () => {
  const { records, scope, actors, db } = house
  const a = actors.consultantA
  const count = async () =>
    (await db.owner.query<{ n: string }>("select count(*) as n from audit.entry where action in ('create', 'update')")).rows[0]!.n
  const before = await count()
  let id = ''
  const failing = records.transaction(a, async (tx) => {
    id = (await tx.create(scope(a, 'customer'), customerInput(house.stores.north.id, a.staffId))).id
    await tx.change(scope(a, 'customer'), id, 1, { notes: 'x' })
    throw new Error('enough')
  })
  await expect(failing).rejects.toThrow()
  await expect(records.get(scope(a, 'customer'), id)).rejects.toThrow(code('not_found'))
  expect(await count()).toBe(before)
  // Nor can a transaction be used once it has ended.
  let late: Promise<unknown> | undefined
  await records.transaction(a, async (tx) => {
    late = Promise.resolve()
      .then(() => new Promise((resolve) => setTimeout(resolve, 20)))
      .then(() => tx.query('select 1'))
    late.catch(() => {}) // looked at below; it may fail before the transaction has committed
  })
  await expect(late).rejects.toThrow(code('internal'))
})

test('an exact value finds its records, for those who may ask, and only outside the trash', async () => {
  const { records, scope, actors } = house
  const { consultantA: a, consultantB: b, manager, auditor } = actors
  const made = await create(a, { phones: ['+8613712345678', '+8613712345679'], wechatIds: ['Wei_Xin77'], emails: ['wei@example.cn'] })
  const twin = await create(actors.owner, { phones: ['+8613712345678'], ownerId: null })
  const find = async (actor: Actor, field: string, ...values: string[]) =>
    Object.fromEntries(await records.findExact(scope(actor, 'customer'), field, values))
  expect(await find(a, 'phones', '+8613712345678', '+8613712345679', '+8613700000000')).toEqual({
    '+8613712345678': [made.id, twin.id],
    '+8613712345679': [made.id],
  })
  expect(await find(a, 'wechatIds', 'WEI_XIN77')).toEqual({ WEI_XIN77: [made.id] })
  expect(await find(b, 'phones', '+8613712345678')).toEqual({})
  await expect(find(auditor, 'phones', '+8613712345678')).rejects.toThrow(code('forbidden'))
  await expect(find(a, 'notes', 'x')).rejects.toThrow(code('forbidden'))
  await records.transaction(manager, (tx) => tx.trash(scope(manager, 'customer'), made.id, 1))
  expect(await find(a, 'phones', '+8613712345678')).toEqual({ '+8613712345678': [twin.id] })
  expect((await house.audit.entriesOfSubject(twin.subject)).map((entry) => entry.action)).toContain('search')
})

test('a reveal needs its right and a reason, opens what it names, and is on record', async () => {
  const { records, scope, actors, audit } = house
  const made = await create(actors.manager, { ownerId: null })
  const a = actors.consultantA
  const own = scope(a, 'customer')
  await expect(records.get(own, made.id, { action: 'reveal', fields: ['phones'] })).rejects.toThrow(code('reason_required'))
  const row = await records.get(own, made.id, { action: 'reveal', fields: ['phones'], reason: 'other', detail: { note: '客户来电' } })
  expect(row.phones).toEqual(['+8613800138000'])
  await expect(records.get(own, made.id, { action: 'reveal', fields: ['nothing'], reason: 'visit' })).rejects.toThrow(code('unknown_key'))
  const [entry] = await audit.entriesOfSubject(made.subject, { withDetail: true })
  expect(entry).toMatchObject({
    action: 'reveal',
    fields: ['phones'],
    reason: 'other',
    outcome: 'done',
    detail: { note: '客户来电', address: a.address },
  })
  // The auditor sees the log but no customer, so cannot reveal one.
  await expect(
    records.get(scope(actors.auditor, 'customer'), made.id, { action: 'reveal', fields: ['phones'], reason: 'visit' }),
  ).rejects.toThrow(code('not_found'))
})

test('the budget of opened people holds for lists and single records', async () => {
  const { records, scope, actors, addCustomers } = house
  const a = actors.consultantA
  const greedy: Actor = { ...a, standings: [shippedStanding('auditor', a.staffId, { storeIds: [] })] }
  // Same rights as a consultant, an auditor's budget: 500 people an hour.
  const tight = { ...scope(a, 'customer'), actor: greedy }
  const rows = await addCustomers(Array.from({ length: 520 }, (_, i) => ({ name: `多${i}` })))
  house.broker.charge(
    'somebody else',
    rows.map((row) => row.subject),
    5_000,
  )
  const ids = rows.map((row) => row.id)
  await expect(records.getMany(tight, ids)).rejects.toThrow(code('open_budget'))
})

test('input is checked again at the gate', async () => {
  const a = house.actors.consultantA
  await expect(create(a, { name: '' })).rejects.toThrow(code('input_invalid'))
  await expect(create(a, { extra: 1 } as object)).rejects.toThrow(code('input_invalid'))
  await expect(create(a, { wechatIds: ['••••'] })).rejects.toThrow(code('input_invalid'))
  await expect(create(a, { storeId: '00000000-0000-4000-8000-00000000dead' } as object)).rejects.toThrow(AppError)
})

test('a login is unique', async () => {
  const hire = { login: 'XiaoAi', name: '又一个', roles: ['auditor' as const], storeIds: [], kind: 'person' as const, active: true }
  await expect(house.records.transaction(systemActor, (tx) => tx.create(house.scope(systemActor, 'staff'), hire))).rejects.toThrow(
    code('duplicate', { constraint: 'staff_login' }),
  )
})
