import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogue } from '../../domain/catalogue/all.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import type { Grant } from '../../domain/policy/role.ts'
import { type RoleId, roleIds, roles } from '../../domain/policy/roles.ts'
import { doorsOf } from '../../server/http/doors.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { type Cast, castOf } from './cast.ts'
import { examineRole, knock } from './examine.ts'

/** The exit matrix: every role that ships, every relation to a customer, every field of the catalogue, every way out. */

const doors = JSON.parse(readFileSync(join(import.meta.dirname, '../../doors.lock.json'), 'utf8')) as Record<string, string>

let it: TestApp
let cast: Cast
let asked = 0
beforeAll(async () => {
  it = await testApp()
  cast = await castOf(it)
})
afterAll(async () => {
  const fields = Object.keys(catalogue.customer.fields).length
  process.stdout.write(`exits: ${asked} requests, ${it.routes.length} routes, ${roleIds.length} roles, 5 relations, ${fields} fields\n`)
  await it.close()
})

test.each(roleIds)('%s sees, finds, orders, changes and carries off what the truth says, by every way', async (role: RoleId) => {
  const { wrong, asked: requests } = await examineRole(cast, role)
  asked += requests
  expect(wrong).toEqual([])
})

test.each(roleIds)('%s is refused at each door that is not theirs', async (role: RoleId) => {
  const { wrong, asked: requests } = await knock(cast, role, doors)
  asked += requests
  expect(wrong).toEqual([])
})

test('the lock knows every door', () => {
  expect(doorsOf(it.routes)).toEqual(doors)
})

/** What a session may is known for two seconds. */
const forget = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_100))

/** Breaks something, looks whether the matrix sees it, and mends it. */
const whileBroken = async (broken: () => () => void, look: () => Promise<{ wrong: string[] }>): Promise<string[]> => {
  const mend = broken()
  try {
    await forget()
    return (await look()).wrong
  } finally {
    mend()
    await forget()
  }
}
const grantOf = (role: RoleId): Record<string, unknown> => roles[role].entities.customer as Grant as Record<string, unknown>
const setting = (of: Record<string, unknown>, key: string, value: unknown) => (): (() => void) => {
  const before = of[key]
  of[key] = value
  return () => void (of[key] = before)
}
const phones = catalogue.customer.fields.phones as Field as unknown as Record<string, unknown>

test.each([
  [
    'a consultant to whom colleagues’ customers stand open',
    setting(grantOf('salesConsultant'), 'personal', 'store'),
    'salesConsultant',
    'read colleague.phones',
  ],
  ['an installer for whom the whole store exists', setting(grantOf('installer'), 'rows', 'store'), 'installer', 'read colleague'],
  [
    'a clerk who may take customers along',
    setting(grantOf('customerService'), 'actions', { create: 'store', update: 'working', export: 'store' }),
    'customerService',
    'export',
  ],
  ['marketing that may ask by what it does not see', setting(grantOf('marketing'), 'use', 'region'), 'marketing', 'filter phones'],
  ['a phone number of the wrong class', setting(phones, 'class', 'internal'), 'finance', 'read far.phones'],
] as const)('the matrix sees a rule that is broken: %s', async (_what, broken, role, seen) => {
  const wrong = await whileBroken(broken, () => examineRole(cast, role))
  expect(wrong.filter((line) => line.startsWith(`${role}: ${seen}`)).length).toBeGreaterThan(0)
  expect((await examineRole(cast, role)).wrong).toEqual([])
})

test('the matrix sees a door that was left open', async () => {
  const audit = it.routes.find(({ method, path }) => method === 'GET' && path === '/api/audit') as unknown as Record<string, unknown>
  const wrong = await whileBroken(setting(audit, 'need', 'session'), () => knock(cast, 'installer', doors))
  expect(wrong).toEqual([expect.stringMatching(/^installer: GET \/api\/audit: /)])
})
