import { setTimeout as sleep } from 'node:timers/promises'
import { optional, secretFrom } from '../arguments.ts'
import { Refusal, Usage } from '../refusal.ts'
import type { Client } from '../socketClient.ts'
import { untilReady } from '../reachServer.ts'
import { type Outcome, signInAs, staffOptions, type Verb } from '../verb.ts'

type Job = { id: string; state: string; done: number; total: number | null; problem: string | null }

const follow = async (client: Client, path: string, body?: object): Promise<Outcome> => {
  const { id } = await client.call<{ id: string }>('POST', path, body)
  let job = await client.call<Job>('GET', `/api/jobs/${id}`)
  while (job.state === 'queued' || job.state === 'running') {
    await sleep(200)
    job = await client.call<Job>('GET', `/api/jobs/${id}`)
  }
  if (job.state !== 'done') throw new Refusal(job.problem ?? job.state, { job: id })
  return { value: job, lines: [`${job.state} ${job.done}`] }
}

export const key: Verb = {
  usage: 'key status|rotate|reseal|reindex --as LOGIN --password-file FILE [--suite 1|2] | key unseal --passphrase-file FILE',
  options: [...staffOptions, 'suite', 'passphrase-file'],
  run: async (given, client) => {
    switch (given.words[0]) {
      case 'unseal':
        await client.call('POST', '/api/unseal', { passphrase: secretFrom(given, 'passphrase-file') })
        await untilReady(client)
        return { value: { unsealed: true }, lines: ['unsealed'] }
      case 'status': {
        await signInAs(given, client)
        const value = await client.call<object>('GET', '/api/keys')
        return { value, lines: [JSON.stringify(value, null, 2)] }
      }
      case 'rotate':
      case 'reindex':
        await signInAs(given, client)
        return follow(client, `/api/keys/${given.words[0]}`)
      case 'reseal':
        await signInAs(given, client)
        return follow(client, '/api/keys/reseal', { suite: Number(optional(given, 'suite') ?? 1) })
      default:
        throw new Usage('key status, rotate, reseal, reindex or unseal')
    }
  },
}
