import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../domain/catalogue/all.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import type { RoleId } from '../../domain/policy/roles.ts'
import type { Cast } from './cast.ts'
import { beside, type Relation, relations, type RoleTruth, truth } from './truth.ts'

/** What was found otherwise than it should be, in words; and how many requests it took to look. */
export type Findings = { readonly wrong: string[]; readonly asked: number }

// What the fields are is read from the lock, not from the catalogue: a class that changes is then seen here too.
const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../catalogue.lock.json'), 'utf8')) as {
  customer: { fields: Readonly<Record<string, Pick<Field, 'class' | 'kind' | 'many' | 'find' | 'category' | 'to'>>> }
}
const { fields } = lock.customer
type Locked = (typeof fields)[string]
const names = Object.keys(fields)
const isName = (field: Locked): boolean => field.find.includes('name')
const isPersonal = (field: Locked): boolean => field.class === 'personal'
/** Fields with a value that is this customer's alone. */
const telling = names.filter((name) => isPersonal(fields[name]!) && !isName(fields[name]!))
const uses = ['call', 'message', 'copy', 'navigate'] as const
const usesOf: Readonly<Record<string, readonly string[]>> = {
  'user.contact.phone_number': ['call', 'message', 'copy'],
  'user.contact.email': ['message', 'copy'],
  'user.contact.wechat_id': ['message', 'copy'],
  'user.contact.address': ['navigate', 'copy'],
}

type Answer = { statusCode: number; body: string; json: <T>() => T }
const codeOf = ({ body }: Answer): unknown => (body.startsWith('{') ? (JSON.parse(body) as { code?: unknown }).code : undefined)

const rawOf = (customer: object, name: string): string => {
  const value = (customer as Record<string, unknown>)[name]
  return String(Array.isArray(value) ? value[0] : value)
}

/** How a list may be narrowed by a field (docs/architecture.md, lists): its own rule, beside the product's. */
const filterOf = (field: Locked): 'facet' | 'exact' | 'label' | 'refused' => {
  if (isName(field) || field.kind === 'address' || field.find.length === 0) return 'refused'
  if (!isPersonal(field)) return 'facet'
  return field.find.includes('exact') ? 'exact' : field.many ? 'label' : 'refused'
}

/** Looks through every way in which a role could see, find, order, change or carry off a customer, and says where the answer is not as the truth has it. */
export const examineRole = async (cast: Cast, role: RoleId): Promise<Findings> => {
  const t: RoleTruth = truth[role]
  const wrong: string[] = []
  let asked = 0
  const send = async (method: string, url: string, body?: unknown): Promise<Answer> => {
    asked += 1
    return cast.send(role, method, url, body)
  }
  const expect = (what: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      wrong.push(`${role}: ${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
  }
  const of = (relation: Relation) => cast.customers[role][relation]
  const knowsPersonal = t.open.length > 0 || t.reveal.length > 0 || t.use.length > 0
  const shows = (name: string, relation: Relation): 'open' | 'masked' | 'absent' => {
    const field = fields[name]!
    if (!isPersonal(field) || isName(field)) return 'open'
    return !knowsPersonal ? 'absent' : t.open.includes(relation) ? 'open' : 'masked'
  }
  /** No value that is not open may stand anywhere in an answer, whatever the answer is. */
  const leaks = (what: string, { body }: Answer, but: readonly Relation[] = t.open): void => {
    for (const relation of relations)
      for (const name of telling)
        if (!but.includes(relation) && body.includes(rawOf(of(relation), name))) wrong.push(`${role}: ${what}: ${name} of ${relation} left`)
    for (const relation of relations)
      if (!t.exists.includes(relation) && body.includes(of(relation).name)) wrong.push(`${role}: ${what}: the name of ${relation} left`)
  }

  const absent = await send('GET', '/api/customers/01900000-0000-7000-8000-000000000000')
  const bare = (answer: Answer) => ({ ...answer.json<object>(), requestId: '' })
  for (const relation of relations) {
    const { id } = of(relation)
    const answer = await send('GET', `/api/customers/${id}`)
    leaks(`read ${relation}`, answer)
    if (!t.exists.includes(relation)) {
      expect(`read ${relation}`, bare(answer), bare(absent))
      for (const way of ['interactions', 'contacts', 'consents', 'appointments']) {
        const below = await send('GET', `/api/customers/${id}/${way}`)
        expect(`${way} of ${relation}`, codeOf(below), 'not_found')
      }
    } else {
      const view = answer.json<Record<string, unknown>>()
      for (const name of names) {
        const shown = JSON.stringify(view[name])
        const state = shown === undefined ? 'absent' : shown.includes('"masked"') ? 'masked' : 'open'
        expect(`read ${relation}.${name}`, state, shows(name, relation))
      }
      for (const key of ['subject']) if (key in view) wrong.push(`${role}: read ${relation}: ${key} left`)
    }
    for (const name of names) {
      const field = fields[name]!
      const mayReveal = t.reveal.includes(relation) && t.exists.includes(relation)
      const revealed = await send('POST', `/api/customers/${id}/reveal`, { fields: [name], reason: 'call_back' })
      const opens = mayReveal || (t.exists.includes(relation) && shows(name, relation) === 'open')
      if (revealed.statusCode === 200 && !opens) wrong.push(`${role}: reveal ${relation}.${name} was answered`)
      if (mayReveal) expect(`reveal ${relation}.${name}`, revealed.statusCode, 200)
      if (revealed.statusCode !== 200) leaks(`refused reveal ${relation}.${name}`, revealed)
      for (const use of uses) {
        const used = await send('POST', `/api/customers/${id}/use`, { field: name, index: 0, use })
        const fits = (usesOf[field.category ?? ''] ?? []).includes(use)
        const wanted = fits && t.use.includes(relation) && t.exists.includes(relation)
        expect(`use ${use} ${relation}.${name}`, used.statusCode === 200, wanted)
        if (used.statusCode !== 200) leaks(`refused use ${relation}.${name}`, used)
      }
    }
  }

  for (const url of ['/api/customers?pageSize=200', '/api/customers?show=brief&pageSize=200']) {
    const list = await send('GET', url)
    leaks(url, list, url.includes('brief') ? [] : t.open)
    if (t.exists.length === 0) {
      expect(url, codeOf(list), 'not_found')
      continue
    }
    const page = list.json<{ items: { id: string }[]; total: number }>()
    const ids = new Set(page.items.map((one) => one.id))
    for (const relation of relations) expect(`${url} has ${relation}`, ids.has(of(relation).id), t.exists.includes(relation))
    expect(`${url} total`, page.total, page.items.length)
  }

  const finds = async (query: string, relation: Relation): Promise<{ found: boolean; answer: Answer }> => {
    const answer = await send('GET', `/api/customers?pageSize=200&${query}`)
    leaks(query, answer)
    const items = answer.statusCode === 200 ? answer.json<{ items: { id: string }[] }>().items : []
    return { found: items.some((one) => one.id === of(relation).id), answer }
  }
  for (const relation of relations) {
    if (t.exists.length === 0) break
    const there = t.exists.includes(relation)
    const q = async (text: string) => (await finds(`q=${encodeURIComponent(text)}`, relation)).found
    const mayAsk = there && t.filter.includes(relation)
    expect(`search name of ${relation}`, await q(of(relation).name), mayAsk)
    for (const name of telling) {
      const field = fields[name]!
      if (!field.find.includes('fragment')) expect(`search ${name} of ${relation}`, await q(rawOf(of(relation), name)), false)
      else
        expect(
          `search part of ${name} of ${relation}`,
          await q(rawOf(of(relation), name).slice(2, -1)),
          mayAsk && t.open.includes(relation),
        )
    }
    for (const name of names) {
      const field = fields[name]!
      const how = filterOf(field)
      const { found, answer } = await finds(`filter[${name}]=${encodeURIComponent(rawOf(of(relation), name))}`, relation)
      const isKnown = isPersonal(field) && !isName(field) ? knowsPersonal && t.filter.length > 0 : t.filter.length > 0
      if (how === 'refused' || !isKnown) {
        expect(`filter ${name}`, [answer.statusCode, found], [400, false])
        continue
      }
      const reaches =
        how === 'facet'
          ? mayAsk
          : how === 'exact'
            ? (mayAsk && t.open.includes(relation)) || (there && t.use.includes(relation) && usesOf[field.category ?? ''] !== undefined)
            : mayAsk && t.open.includes(relation)
      expect(`filter ${name} of ${relation}`, found, reaches)
    }
    const body = (await send('GET', `/api/customers/${of(relation).id}`)).json<{ version?: number }>()
    const patch = { facts: `改过${relation}` }
    const changed = await send('PATCH', `/api/customers/${of(relation).id}`, { version: body.version ?? 1, ...patch })
    expect(`change ${relation}`, changed.statusCode === 200, t.update.includes(relation))
    if (changed.statusCode !== 200) leaks(`refused change of ${relation}`, changed)
    const given = await send('PATCH', `/api/customers/${of(relation).id}`, { version: 99, storeId: of('far').storeId, subject: 1 })
    expect(`mass assignment on ${relation}`, given.statusCode >= 400, true)
  }
  for (const name of names) {
    if (t.exists.length === 0) break
    const sorted = await send('GET', `/api/customers?sort=-${name}`)
    expect(`sort ${name}`, sorted.statusCode === 200, isName(fields[name]!) && t.sort)
    leaks(`sort ${name}`, sorted)
  }
  await examineExport()
  return { wrong, asked }

  async function examineExport(): Promise<void> {
    for (const name of names) {
      const field = fields[name]!
      const asking = {
        entity: 'customer',
        select: { ids: relations.map((relation) => of(relation).id) },
        fields: [name],
        format: 'csv',
        purpose: 'campaign',
        language: 'zh',
      }
      const answer = await send('POST', '/api/exports/preview', asking)
      leaks(`export ${name}`, answer)
      if (t.leaves.length === 0) {
        expect(`export ${name}`, ['forbidden', 'not_found'].includes(String(codeOf(answer))), true)
        continue
      }
      if (field.to === 'customer' || field.class === 'sensitive' || field.class === 'secret') {
        expect(`export ${name}`, codeOf(answer), 'unknown_key')
        continue
      }
      const plan = answer.json<{ count?: number; columns?: { open: number }[] }>()
      expect(`export ${name}`, [plan.count, plan.columns?.[0]?.open], [t.leaves.length, t.leaves.length])
    }
  }
}

const standsIn: Readonly<Record<string, string>> = { ':id': '01900000-0000-7000-8000-000000000000', ':key': 'views.customers' }
const urlOf = (path: string): string => path.replaceAll(/:\w+/g, (parameter) => standsIn[parameter] ?? standsIn[':id']!)

/** What the door must say to a role, by what the lock says it asks for; null where anything but a refusal for want of rights is right. */
const refusalOf = (role: RoleId, door: string): 'not_found' | 'forbidden' | null => {
  const t = truth[role]
  const [need = ''] = door.split(/, (?:fresh|programs)/)
  const duties: readonly string[] = t.duties
  if (need.startsWith('duty ')) return duties.includes(need.slice(5)) ? null : 'not_found'
  if (need.startsWith('any of ')) {
    const wanted = need.slice(7).split(', ')
    return wanted.some((duty) => duties.includes(duty)) ? null : 'not_found'
  }
  const [entity = '', action] = need.split(' ')
  if (!Object.hasOwn(catalogue, entity)) return null
  const isCustomer = entity === 'customer'
  const exists = isCustomer ? t.exists.length > 0 : entity in beside[role]
  if (!exists) return 'not_found'
  const acts: readonly string[] = isCustomer ? t.acts : beside[role][entity]!
  return action === undefined || acts.includes(action) ? null : 'forbidden'
}

/** Knocks at every door as a role, with nothing in hand: whoever has no right is told so before anything else is looked at. */
export const knock = async (cast: Cast, role: RoleId, doors: Readonly<Record<string, string>>): Promise<Findings> => {
  const wrong: string[] = []
  let asked = 0
  for (const [route, door] of Object.entries(doors)) {
    const [method = '', path = ''] = route.split(' ')
    const wanted = refusalOf(role, door)
    if (wanted === null) continue
    asked += 1
    const answer = (await cast.send(role, method, urlOf(path), method === 'GET' ? undefined : {})) as Answer
    if (codeOf(answer) !== wanted) wrong.push(`${role}: ${route}: ${String(codeOf(answer))}, not ${wanted}`)
  }
  return { wrong, asked }
}
