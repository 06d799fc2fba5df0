import { optional, need } from '../arguments.ts'
import { Refusal, Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Verb } from '../verb.ts'

export const user: Verb = {
  usage: 'user add LOGIN --name NAME --role ROLE[,ROLE] [--store NAME[,NAME]] [--accepts REASON] --as LOGIN --password-file FILE',
  options: [...staffOptions, 'name', 'role', 'store', 'accepts'],
  run: async (given, client) => {
    const [what, login] = given.words
    if (what !== 'add' || login === undefined) throw new Usage('user add LOGIN')
    const roles = need(given, 'role').split(',')
    await signInAs(given, client)
    const { items } = await client.call<{ items: { id: string; name: string }[] }>('GET', '/api/stores?pageSize=200')
    const names = (optional(given, 'store') ?? '').split(',').filter(Boolean)
    const storeIds = names.map((name) => items.find((store) => store.name === name)?.id)
    if (storeIds.includes(undefined)) throw new Refusal('not_found', { entity: 'store' })
    const value = await client.call<{ id: string; login: string; password: string | null }>('POST', '/api/staff', {
      login,
      name: optional(given, 'name') ?? login,
      roles,
      storeIds,
      accepts: optional(given, 'accepts'),
    })
    return { value, lines: [`${value.login}  ${value.password ?? ''}`] }
  },
}
