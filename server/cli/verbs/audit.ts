import { Refusal, Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Verb } from '../verb.ts'

type Line = { at: string; staffName: string | null; action: string; entity: string; count: number; outcome: string }

export const audit: Verb = {
  usage: 'audit tail --as LOGIN --password-file FILE',
  options: [...staffOptions],
  run: async (given, client) => {
    const [what] = given.words
    if (what === 'verify' || what === 'export') throw new Refusal('not_in_this_version', { verb: `audit ${what}` })
    if (what !== 'tail') throw new Usage('audit tail')
    await signInAs(given, client)
    const value = await client.call<{ items: Line[] }>('GET', '/api/audit')
    return {
      value,
      lines: value.items.map((line) => [line.at, line.staffName ?? '-', line.action, line.entity, line.count, line.outcome].join('  ')),
    }
  },
}
