import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromFrames } from '../server/backup/frames.ts'
import { writeBackup } from '../server/backup/writeBackup.ts'
import { socketClient } from '../server/cli/socketClient.ts'
import { localSocketPath } from '../server/localSocket.ts'
import type { Certificate } from '../domain/privacy/certificate.ts'
import { printCertificate } from '../server/print/erasureCertificate.ts'
import { apiClient } from './support/api.ts'
import { type Canary, formsOf, inventCanaries, seekCanaries } from './support/canaries.ts'
import { ownerAccount, type RunningServer, setUp, startServer, untilReady } from './support/server.ts'

/**
 * DESIGN 10: a unique value in every sealed field, driven through every way the product has, is then nowhere on disk, in a log, in metrics, or in an
 * answer to somebody who may not see it. The store's plain name is the control: the search must be able to find what is there.
 */
const canaries = inventCanaries()
const of = (entity: string, field: string): string => canaries.find((canary) => canary.entity === entity && canary.field === field)!.value
const control: Canary = { entity: 'store', field: 'name', value: 'kontrolle-静安店-wald' }
const asides: Canary[] = [
  'revealNote',
  'searchText',
  'importFile',
  'refusedRow',
  'erasureReason',
  'exportNote',
  'shareRecipient',
  'shareContact',
].map((field) => ({
  entity: 'aside',
  field,
  value: `aside${field.toLowerCase()}${Math.random().toString(36).slice(2, 12)}`,
}))
const aside = (field: string): string => asides.find((canary) => canary.field === field)!.value

let folder: string
let server: RunningServer
let unauthorised = ''
let metrics = ''
let certificates = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anechoic-canary-'))
  await chmod(folder, 0o755)
  server = await startServer({ data: join(folder, 'data') })
  const { owner } = await setUp(server)
  const [store] = (await owner.call<{ items: { id: string }[] }>('GET', '/api/stores')).items
  await owner.call('POST', '/api/stores', { name: control.value })
  // Chosen, since an invented one is good for choosing one's own and for nothing else.
  const password = 'leise-raeume-mit-dicken-waenden'
  const consultant = {
    login: 'xiaochen',
    password,
    name: of('staff', 'name'),
    roles: ['salesConsultant'],
    storeIds: [store!.id],
    active: true,
  }
  await owner.call('POST', '/api/staff', consultant)

  const input = {
    name: of('customer', 'name'),
    kind: 'household',
    phones: [of('customer', 'phones')],
    emails: [of('customer', 'emails')],
    wechatIds: [of('customer', 'wechatIds')],
    addresses: [of('customer', 'addresses')],
    storeId: store!.id,
    tags: [of('customer', 'tags')],
    facts: of('customer', 'facts'),
    notes: of('customer', 'notes'),
  }
  const made = await owner.call<{ id: string; version: number }>('POST', '/api/customers', { ...input, notes: null })
  await owner.call('PATCH', `/api/customers/${made.id}`, { version: made.version, notes: input.notes })
  await owner.call('POST', `/api/customers/${made.id}/interactions`, {
    kind: 'call',
    happenedAt: new Date().toISOString(),
    text: of('interaction', 'text'),
  })
  await owner.call('POST', `/api/customers/${made.id}/contacts`, {
    name: of('contact', 'name'),
    role: of('contact', 'role'),
    phones: [of('contact', 'phones')],
    emails: [of('contact', 'emails')],
    wechatIds: [of('contact', 'wechatIds')],
    notes: of('contact', 'notes'),
  })
  const consent = { channel: 'sms', state: 'given', how: 'spoken', note: of('consent', 'note') }
  await owner.call('POST', `/api/customers/${made.id}/consents`, consent)
  const [from, to] = [60, 120].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString())
  const meeting = { kind: 'survey', startsAt: from, endsAt: to, note: of('appointment', 'note') }
  const { id: me } = (await owner.call<{ items: { id: string; login: string }[] }>('GET', '/api/staff')).items.find(
    ({ login }) => login === ownerAccount.login,
  )!
  await owner.call('POST', `/api/customers/${made.id}/appointments`, { ...meeting, assigneeIds: [me] })
  for (const text of [
    of('contact', 'name'),
    of('contact', 'phones'),
    aside('searchText'),
    input.name,
    input.phones[0]!,
    input.addresses[0]!,
  ])
    await owner.call('GET', `/api/customers?q=${encodeURIComponent(text)}`)
  await owner.call('POST', `/api/customers/${made.id}/reveal`, { fields: ['phones'], reason: 'other', note: aside('revealNote') })

  const other = apiClient(server.url)
  await other.signIn('xiaochen', password)
  for (const path of [
    '',
    `/${made.id}`,
    `/${made.id}?show=brief`,
    `/${made.id}/interactions`,
    `/${made.id}/contacts`,
    `/${made.id}/consents`,
    `/${made.id}/appointments`,
    `/${made.id}/privacy`,
    `?q=${encodeURIComponent(of('contact', 'phones'))}`,
    `?q=${encodeURIComponent(of('customer', 'addresses'))}`,
  ])
    unauthorised += JSON.stringify(await other.send('GET', `/api/customers${path}`))

  const rows = [
    `${of('customer', 'name')},${of('customer', 'phones').slice(3)},${of('customer', 'addresses')}`,
    `${aside('refusedRow')},1.38E+10,`,
  ]
  const csv = new TextEncoder().encode(`姓名,电话,地址\n${rows.join('\n')}\n`)
  const job = await owner.call<{ id: string; mapping: unknown }>('POST', `/api/imports?kind=csv&name=${aside('importFile')}.csv`, csv)
  await owner.call('POST', `/api/imports/${job.id}/start`, { mapping: job.mapping, storeId: store!.id, onDuplicate: 'create' })
  for (let round = 0; round < 200; round += 1) {
    const { state } = await owner.call<{ state: string }>('GET', `/api/imports/${job.id}`)
    if (state === 'done') break
    if (state === 'failed' || round === 199) throw new Error(`the import ended as ${state}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  // What leaves lies on disk sealed until it is fetched, and who it was shared with beside it.
  const fields = ['name', 'phones', 'emails', 'wechatIds', 'addresses', 'tags', 'facts', 'notes']
  for (const format of ['csv', 'xlsx', 'vcard']) {
    const asked = {
      entity: 'customer',
      select: { ids: [made.id] },
      fields,
      format,
      purpose: 'other',
      note: aside('exportNote'),
      language: 'zh',
    }
    const { exportId } = await owner.call<{ exportId: string }>('POST', '/api/exports', asked)
    for (let round = 0; round < 300; round += 1) {
      const { state } = await owner.call<{ state: string }>('GET', `/api/exports/${exportId}`)
      if (state === 'ready') break
      if (round === 299) throw new Error(`the export ended as ${state}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const recipient = { name: aside('shareRecipient'), contact: aside('shareContact') }
  const share = { kind: 'customer', target: made.id, fields: ['name', 'phones'], recipient, days: 1, language: 'zh' }
  const link = await owner.call<{ token: string; pin: string }>('POST', '/api/shares', share)
  expect((await apiClient(server.url).send('POST', '/api/shared/open', { token: link.token, pin: link.pin })).status).toBe(200)
  expect((await readdir(join(folder, 'data', 'staging'))).length).toBeGreaterThan(2)

  // Somebody with the same values is erased: the certificates must hold none of them, in the words of the PDF either.
  const gone = await owner.call<{ id: string; version: number }>('POST', '/api/customers', input)
  await owner.call('POST', `/api/customers/${gone.id}/contacts`, { name: of('contact', 'name'), phones: [of('contact', 'phones')] })
  await owner.call('POST', `/api/customers/${gone.id}/interactions`, { kind: 'note', text: of('interaction', 'text') })
  await owner.call('POST', `/api/customers/${gone.id}/appointments`, { ...meeting, assigneeIds: [me] })
  const erased = { version: gone.version, reason: `${input.name} ${aside('erasureReason')}`, ground: 'request' }
  const { subject } = await owner.call<{ subject: number }>('POST', `/api/customers/${gone.id}/erase`, erased)
  const certificate = await owner.call<Certificate>('GET', `/api/erasures/${subject}/certificate.json`)
  expect(certificate.erased.map(({ entity }) => entity)).toEqual(['customer', 'contact', 'interaction', 'appointment'])
  const pdf = spawnSync('pdftotext', ['-', '-'], { input: await printCertificate(certificate), encoding: 'utf8' })
  if (!pdf.error) expect(pdf.stdout).toContain(String(subject))
  certificates = `${JSON.stringify(certificate)}\n${pdf.stdout ?? ''}`

  // Inside the folder that every test looks through.
  const stream = await socketClient(localSocketPath(join(folder, 'data'))).download('POST', '/api/backups/stream')
  const { manifest } = await writeBackup(join(folder, 'backups'), fromFrames(stream))
  expect(manifest.tables['public.customers']).toBe(2)
  metrics = await owner.send('GET', '/metrics').then((answer) => String(answer.body))
}, 180_000)

afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const show = (sightings: readonly { where: string; canary: Canary }[]): string[] =>
  sightings.map(({ where, canary }) => `${canary.entity}.${canary.field} in ${where}`)

test('the search for canaries finds a plain value, so a clean result means something', async () => {
  const { sightings, files } = await seekCanaries([control], [folder])
  expect(files).toBeGreaterThan(100)
  expect(sightings.length).toBeGreaterThan(0)
})

test('each form under which a value could lie is found when it lies there', async () => {
  const planted = join(folder, 'planted')
  await mkdir(planted)
  for (const canary of canaries) {
    for (const form of formsOf(canary)) {
      await writeFile(join(planted, 'file'), Buffer.concat([randomBytes(3), form, randomBytes(3)]))
      expect(show((await seekCanaries([canary], [planted])).sightings)).toContain(`${canary.entity}.${canary.field} in file`)
    }
  }
  await rm(planted, { recursive: true })
})

test('no sealed value is readable while the server runs', async () => {
  const texts = { output: server.output(), metrics, certificates }
  expect(show((await seekCanaries([...canaries, ...asides], [folder], texts)).sightings)).toEqual([])
})

test('an answer to a colleague outside the working set holds the names and nothing else of it', async () => {
  const below = ['interaction', 'contact', 'consent', 'appointment']
  const hidden = canaries.filter(({ entity, field }) => (entity === 'customer' || below.includes(entity)) && field !== 'name')
  expect(unauthorised).toContain(of('customer', 'name'))
  expect(unauthorised).toContain(of('contact', 'name'))
  expect(show((await seekCanaries(hidden, [], { answer: unauthorised })).sightings)).toEqual([])
})

test('nor after a clean stop, which writes the search cache, nor after a kill', async () => {
  expect(await server.stop()).toBe(0)
  expect(show((await seekCanaries([...canaries, ...asides], [folder])).sightings)).toEqual([])
  server = await startServer({ data: join(folder, 'data') })
  await untilReady(server.url)
  const again = apiClient(server.url)
  await again.signIn(ownerAccount.login, ownerAccount.password)
  const found = await again.call<{ total: number }>('GET', `/api/customers?q=${encodeURIComponent(of('customer', 'name'))}`)
  expect(found.total).toBe(2)
  await server.kill()
  expect(show((await seekCanaries([...canaries, ...asides], [folder])).sightings)).toEqual([])
}, 120_000)
