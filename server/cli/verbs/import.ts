import { accessSync, constants, createReadStream, type ReadStream, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { optional } from '../arguments.ts'
import { Refusal, Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Verb } from '../verb.ts'

type Staged = { id: string; mapping: Record<string, string | null> }
type Status = { state: string; created: number; updated: number; skipped: number; refused: number; problem: string | null }

const openFile = (file: string): ReadStream => {
  try {
    accessSync(file, constants.R_OK)
    return createReadStream(file)
  } catch {
    throw new Refusal('file_unreadable', { file })
  }
}

export const importVerb: Verb = {
  usage:
    'import customers FILE --as LOGIN --password-file FILE [--store NAME] [--kind csv|xlsx|vcard] [--on-duplicate skip|create] [--refused FILE]',
  options: [...staffOptions, 'store', 'kind', 'on-duplicate', 'refused'],
  run: async (given, client) => {
    const [what, name] = given.words
    if (what !== 'customers' || name === undefined) throw new Usage('what is imported is: customers FILE')
    const onDuplicate = optional(given, 'on-duplicate') ?? 'skip'
    if (onDuplicate !== 'skip' && onDuplicate !== 'create') throw new Usage('--on-duplicate is skip or create')
    const file = resolve(process.env['INIT_CWD'] ?? process.cwd(), name)
    // Without it the server tells by the first bytes.
    const kind = optional(given, 'kind')
    const bytes = openFile(file)
    await signInAs(given, client)
    const { items: stores } = await client.call<{ items: { id: string; name: string }[] }>('GET', '/api/stores?pageSize=200')
    const wanted = optional(given, 'store')
    const { actor } = await client.call<{ actor: { storeIds: string[] } }>('GET', '/api/session')
    const store =
      wanted === undefined ? (stores.find(({ id }) => actor.storeIds.includes(id)) ?? stores[0]) : stores.find((one) => one.name === wanted)
    if (!store) throw new Refusal('not_found', { entity: 'store' })
    const staged = await client.upload<Staged>(kind === undefined ? '/api/imports' : `/api/imports?kind=${encodeURIComponent(kind)}`, bytes)
    await client.call('POST', `/api/imports/${staged.id}/start`, { mapping: staged.mapping, storeId: store.id, onDuplicate })
    let status = await client.call<Status>('GET', `/api/imports/${staged.id}`)
    while (status.state === 'queued' || status.state === 'running') {
      await sleep(200)
      status = await client.call<Status>('GET', `/api/imports/${staged.id}`)
    }
    if (status.state !== 'done') throw new Refusal(status.problem ?? status.state, { ...status })
    const refusedFile = status.refused > 0 ? resolve(optional(given, 'refused') ?? `${file}.refused.csv`) : null
    if (refusedFile) writeFileSync(refusedFile, (await client.send('GET', `/api/imports/${staged.id}/refused`)).text, { mode: 0o600 })
    const { created, updated, skipped, refused } = status
    return {
      value: { created, updated, skipped, refused, refusedFile },
      lines: [`created ${created}, skipped ${skipped}, refused ${refused}`, ...(refusedFile ? [refusedFile] : [])],
    }
  },
}
