import { optional, need, secretFrom } from '../arguments.ts'
import { Refusal, Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Outcome, type Verb } from '../verb.ts'
import type { Arguments } from '../arguments.ts'
import type { Client } from '../socketClient.ts'

const add = async (given: Arguments, client: Client, login: string): Promise<Outcome> => {
  const roles = need(given, 'role').split(',')
  const chosen = optional(given, 'new-password-file') === undefined ? {} : { password: secretFrom(given, 'new-password-file') }
  await signInAs(given, client)
  const { items } = await client.call<{ items: { id: string; name: string }[] }>('GET', '/api/stores?pageSize=200')
  const names = (optional(given, 'store') ?? '').split(',').filter(Boolean)
  const storeIds = names.map((name) => items.find((store) => store.name === name)?.id)
  if (storeIds.includes(undefined)) throw new Refusal('not_found', { entity: 'store' })
  const body = { login, name: optional(given, 'name') ?? login, roles, storeIds, accepts: optional(given, 'accepts'), ...chosen }
  const { id, password } = await client.call<{ id: string; password: string | null }>('POST', '/api/staff', body)
  return { value: { id, login, password }, lines: [`${login}  ${password ?? ''}`] }
}

/** Somebody changes their own password: first of all the one that was invented for them. */
const changePassword = async (given: Arguments, client: Client): Promise<Outcome> => {
  const password = secretFrom(given, 'new-password-file')
  await signInAs(given, client)
  await client.call('PUT', '/api/me/password', { current: secretFrom(given, 'password-file'), password })
  const login = need(given, 'as')
  return { value: { login, changed: true }, lines: [login] }
}

export const user: Verb = {
  usage:
    'user add LOGIN --name NAME --role ROLE[,ROLE] [--store NAME[,NAME]] [--accepts REASON] [--new-password-file FILE] | user password --new-password-file FILE; --as LOGIN --password-file FILE [--code CODE]',
  options: [...staffOptions, 'name', 'role', 'store', 'accepts', 'new-password-file'],
  run: async (given, client) => {
    const [what, login] = given.words
    if (what === 'add' && login !== undefined) return add(given, client, login)
    if (what === 'password') return changePassword(given, client)
    throw new Usage('user add LOGIN | user password')
  },
}
