import { accessSync, constants, createReadStream, readFileSync, type ReadStream, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { optional } from '../arguments.ts'
import { Refusal, Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Verb } from '../verb.ts'

type Staged = { id: string; mapping: Record<string, string | null> }
type Tally = { created: number; updated: number; skipped: number; refused: number; pooled: number; storeUnknown: number }
type Status = Tally & { state: string; problem: string | null }

const openFile = (file: string): ReadStream => {
  try {
    accessSync(file, constants.R_OK)
    return createReadStream(file)
  } catch {
    throw new Refusal('file_unreadable', { file })
  }
}

/** Returns what `--map` says: JSON, or the file that holds it: `{ "column": "field" | null }`; a column it does not name stays as it was recognised. */
const mapOf = (given: string | undefined, recognised: Staged['mapping']): Staged['mapping'] => {
  if (given === undefined) return recognised
  const text = given.trimStart().startsWith('{') ? given : readText(given)
  let map: unknown
  try {
    map = JSON.parse(text)
  } catch {
    throw new Usage('--map is JSON, or a file that holds it: {"column": "field"}')
  }
  if (typeof map !== 'object' || map === null || Object.values(map).some((field) => field !== null && typeof field !== 'string'))
    throw new Usage('--map names a field, or null, for each column: {"column": "field"}')
  const strange = Object.keys(map).find((name) => !Object.hasOwn(recognised, name))
  if (strange !== undefined)
    throw new Refusal('input_invalid', { option: 'map', column: strange, columns: Object.keys(recognised).join(', ') })
  return { ...recognised, ...map }
}

const readText = (file: string): string => {
  try {
    return readFileSync(resolve(process.env['INIT_CWD'] ?? process.cwd(), file), 'utf8')
  } catch {
    throw new Refusal('file_unreadable', { file })
  }
}

/** Returns how the file is to be read, where the options say so. Throws `Usage`. */
const readingOf = (given: Parameters<typeof optional>[0]): Record<string, string | number> => {
  const number = (option: string, from: number): number | undefined => {
    const text = optional(given, option)
    if (text === undefined) return undefined
    if (!/^[1-9]\d{0,4}$/.test(text)) throw new Usage(`--${option} is a number from 1`)
    return Number(text) - 1 + from
  }
  const delimiter = optional(given, 'delimiter')
  const reading = {
    sheet: number('sheet', 0),
    headerLine: number('header-row', 1),
    encoding: optional(given, 'encoding'),
    delimiter: delimiter === 'tab' ? '\t' : delimiter,
  }
  return Object.fromEntries(Object.entries(reading).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

const ownOptions = [
  'map',
  'on-duplicate',
  'store',
  'owner',
  'source',
  'basis',
  'consent',
  'kind',
  'sheet',
  'header-row',
  'encoding',
  'delimiter',
  'refused',
]
const ways = ['skip', 'merge', 'update', 'create']

export const importVerb: Verb = {
  usage:
    'import customers FILE --as LOGIN --password-file FILE [--map JSON|FILE.json] [--dry-run] [--on-duplicate skip|merge|update|create] [--store NAME] ' +
    '[--owner LOGIN] [--source SOURCE] [--basis BASIS] [--consent CHANNEL,…] [--kind csv|xlsx|vcard] [--sheet N] [--header-row N] [--encoding NAME] ' +
    '[--delimiter SIGN|tab] [--refused FILE]',
  options: [...staffOptions, ...ownOptions],
  flags: ['dry-run'],
  run: async (given, client) => {
    const [what, path] = given.words
    if (what !== 'customers' || path === undefined) throw new Usage('what is imported is: customers FILE')
    const onDuplicate = optional(given, 'on-duplicate') ?? 'skip'
    if (!ways.includes(onDuplicate)) throw new Usage(`--on-duplicate is ${ways.join(', ')}`)
    const reading = readingOf(given)
    const isDryRun = given.options['dry-run'] === true
    const file = resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
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
    const login = optional(given, 'owner')
    const { items: staff } = await client.call<{ items: { id: string; login: string }[] }>('GET', '/api/staff?pageSize=200')
    const owner = login === undefined ? null : staff.find((one) => one.login === login)
    if (owner === undefined) throw new Refusal('not_found', { entity: 'staff' })
    const { encoding, ...rest } = reading
    const query = Object.entries({ kind, encoding }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    )
    const uploaded = await client.upload<Staged>(`/api/imports${query.length > 0 ? `?${query.join('&')}` : ''}`, bytes)
    const staged =
      Object.keys(rest).length === 0 ? uploaded : await client.call<Staged>('POST', `/api/imports/${uploaded.id}/read`, reading)
    await client.call('POST', `/api/imports/${staged.id}/start`, {
      mapping: mapOf(optional(given, 'map'), staged.mapping),
      storeId: store.id,
      ownerId: owner?.id ?? null,
      onDuplicate,
      source: optional(given, 'source') ?? null,
      basis: optional(given, 'basis') ?? null,
      consentChannels: (optional(given, 'consent') ?? '').split(',').filter(Boolean),
      dryRun: isDryRun,
    })
    let status = await client.call<Status>('GET', `/api/imports/${staged.id}`)
    while (status.state === 'queued' || status.state === 'running') {
      await sleep(200)
      status = await client.call<Status>('GET', `/api/imports/${staged.id}`)
    }
    if (status.state !== 'done') throw new Refusal(status.problem ?? status.state, { ...status })
    const refusedFile = status.refused > 0 ? resolve(optional(given, 'refused') ?? `${file}.refused.csv`) : null
    if (refusedFile) writeFileSync(refusedFile, (await client.send('GET', `/api/imports/${staged.id}/refused`)).text, { mode: 0o600 })
    const { created, updated, skipped, refused, pooled, storeUnknown } = status
    return {
      value: { created, updated, skipped, refused, pooled, storeUnknown, refusedFile },
      lines: [
        `${isDryRun ? 'would be ' : ''}created ${created}, updated ${updated}, skipped ${skipped}, refused ${refused}`,
        ...(pooled > 0 ? [`${pooled} without owner: whoever the list names is unknown, or would not see them`] : []),
        ...(storeUnknown > 0 ? [`${storeUnknown} in ${store.name}: the store the list names is unknown, or out of reach`] : []),
        ...(refusedFile ? [refusedFile] : []),
      ],
    }
  },
}
