import type { Verb } from '../verb.ts'

type Found = { ok: boolean; checks: { name: string; ok: boolean; detail: string }[] }

export const doctor: Verb = {
  usage: 'doctor',
  options: [],
  run: async (_given, client) => {
    const found = await client.call<Found>('GET', '/api/doctor')
    return {
      value: found,
      lines: found.checks.map(({ name, ok, detail }) => `${ok ? 'ok ' : 'NOT'} ${name}: ${detail}`),
      failed: !found.ok,
    }
  },
}
