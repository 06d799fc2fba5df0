import { Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Verb } from '../verb.ts'

type Found = { items: { id: string; name: unknown }[]; total: number }

export const search: Verb = {
  usage: 'search customers TEXT --as LOGIN --password-file FILE [--code CODE]',
  options: [...staffOptions],
  run: async (given, client) => {
    const [what, ...text] = given.words
    if (what !== 'customers' || text.length === 0) throw new Usage('what is searched is: customers TEXT')
    await signInAs(given, client)
    const { items, total } = await client.call<Found>('GET', `/api/customers?pageSize=50&q=${encodeURIComponent(text.join(' '))}`)
    const found = items.map(({ id, name }) => ({
      id,
      name: typeof name === 'string' ? name : ((name as { masked?: string } | null)?.masked ?? null),
    }))
    return { value: { items: found, total }, lines: [...found.map(({ id, name }) => `${id}  ${name ?? ''}`), `${total}`] }
  },
}
