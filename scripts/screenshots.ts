// Makes the README's pictures against a running server, filling an empty one with invented customers first; or against a demo, whose line of JSON is in FILE:
// node scripts/screenshots.ts --url http://localhost:7410 --login NAME --password-file FILE [--out docs/screenshots]
// npm start -- --demo --data ./demo >demo.out & … node scripts/screenshots.ts --demo demo.out
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type Api, apiClient } from '../test/support/api.ts'
import { generateCustomers } from '../test/support/people.ts'
import { recompressPng } from './recompressPng.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:7410' },
    login: { type: 'string' },
    'password-file': { type: 'string' },
    demo: { type: 'string' },
    out: { type: 'string', default: 'docs/screenshots' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
})
type Account = { login: string; password: string }
type Demo = { url: string; staff: (Account & { role: string })[] }

/** Where the pictures are taken, by whom, and by whom those that take more rights. */
const readPlace = (): { url: string; login: Account; manager: Account } | null => {
  if (values.demo) {
    const line = readFileSync(values.demo, 'utf8')
      .split('\n')
      .find((one) => one.startsWith('{"url"'))
    const { url, staff } = JSON.parse(line ?? '{}') as Demo
    return {
      url,
      login: staff.find(({ role }) => role === 'salesConsultant')!,
      manager: staff.find(({ role }) => role === 'storeManager')!,
    }
  }
  if (!values.login || !values['password-file']) return null
  const account = { login: values.login, password: readFileSync(values['password-file'], 'utf8').trim() }
  return { url: values.url, login: account, manager: account }
}
const place = readPlace()
if (!place) {
  process.stderr.write(
    'usage: node scripts/screenshots.ts (--demo FILE | --url URL --login NAME --password-file FILE) [--out DIR] [--chromium PATH]\n',
  )
  process.exit(2)
}
const { url, login, manager } = place
const { out } = values
/** A picture in a README is not worth more than this, in bytes. */
const largest = 300_000

const talks = [
  ['demo', '到店试听 KEF Blade 与 LS60，偏爱后者；家里影音室约 28 平米。'],
  ['visit', '上门量房：层高 2.9 米，北墙可做吸音，投影距离 4.2 米。'],
  ['call', '确认预算与工期，希望春节前完工。'],
  ['wechat', '发了两版方案图，客户选 7.2.4 那一版。'],
  ['note', '周六上午校准低音炮，要求安静时段；门口按铃即可。'],
] as const

/** The customer on the pictures: invented, owned by whoever signs in. */
const shown = {
  name: '沈知远',
  addresses: ['上海市静安区愚园路 1088 弄 6 号 1201 室'],
  tags: ['影音室', '全屋智能', '转介绍'],
  notes: '喜欢室内乐，怕吵到邻居。',
}

const addCustomers = async (api: Api, isEmpty: boolean): Promise<void> => {
  const { actor } = await api.call<{ actor: { staffId: string; storeIds: string[] } }>('GET', '/api/session')
  const storeId = actor.storeIds[0]
  if (isEmpty) {
    const items = generateCustomers(7)
      .take(180)
      .map((person, i) => ({ ...person, storeId, ownerId: i % 3 === 1 ? null : actor.staffId }))
    await api.call('POST', '/api/customers/batch', { items: [...items] })
  }
  const phones = ['+8614516620188']
  const { id } = await api.call<{ id: string }>('POST', '/api/customers', {
    ...shown,
    kind: 'household',
    phones,
    storeId,
    ownerId: actor.staffId,
  })
  for (const [kind, text] of talks) await api.call('POST', `/api/customers/${id}/interactions`, { kind, text })
}

const list = [
  '客户姓名,手机,微信号,地址,标签,备注',
  ...generateCustomers(11)
    .take(40)
    .map(({ name, phones, wechatIds, addresses, tags }, i) =>
      [name, i === 4 ? '1.38E+10' : (phones[0] ?? ''), wechatIds[0] ?? '', `"${addresses[0] ?? ''}"`, tags.join('、'), ''].join(','),
    ),
].join('\n')

type View = { account?: Account; language?: 'zh-CN' | 'en'; theme?: 'light' | 'dark'; width?: number; height?: number }

const openPage = async (
  browser: Browser,
  { account = login, language = 'zh-CN', theme = 'light', width = 1280, height = 800 }: View,
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, locale: language })
  const page = await context.newPage()
  await page.goto(`${url}/sign-in`)
  await page.locator('input').first().fill(account.login)
  await page.locator('input[type=password]').fill(account.password)
  await page.keyboard.press('Enter')
  await page.locator('.shell h1').waitFor()
  return page
}

const picture = async (page: Page, name: string): Promise<void> => {
  // Fonts and the last fade.
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(500)
  const bytes = recompressPng(await page.screenshot({ animations: 'disabled' }))
  if (bytes.length > largest) throw new Error(`${name}.png has ${bytes.length} bytes, more than ${largest}`)
  writeFileSync(join(out, `${name}.png`), bytes)
  process.stdout.write(`${name}.png ${bytes.length}\n`)
  await page.context().close()
}

const openCustomer = async (page: Page): Promise<void> => {
  await page.locator('main table a').first().waitFor()
  await page.keyboard.press('/')
  await page.locator('.finder input').fill(shown.name)
  await page.getByRole('option', { name: shown.name }).first().click()
  await page.locator('.timeline li').first().waitFor()
}

const api = apiClient(url)
await api.signIn(login.login, login.password)
const { total } = await api.call<{ total: number }>('GET', `/api/customers?q=${encodeURIComponent(shown.name)}&pageSize=1`)
if (total === 0) {
  const base = await api.call<{ total: number }>('GET', '/api/customers?pageSize=1')
  await addCustomers(api, base.total === 0)
}

mkdirSync(out, { recursive: true })
// Debian's Chromium as root; nothing here leaves this machine.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const browser = await chromium.launch({ executablePath: values.chromium, args: flags })
try {
  const wide = await openPage(browser, {})
  await wide.goto(`${url}/customers`)
  await wide.locator('main table a').first().waitFor()
  await picture(wide, 'list')

  const customer = await openPage(browser, {})
  await openCustomer(customer)
  await picture(customer, 'customer')

  const importing = await openPage(browser, { account: manager })
  await importing.goto(`${url}/imports`)
  await importing.locator('input[type=file]').setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(list) })
  await importing.locator('.map-row').first().waitFor()
  await picture(importing, 'import')

  const phone = await openPage(browser, { width: 390, height: 844 })
  await phone.goto(`${url}/customers`)
  await openCustomer(phone)
  await picture(phone, 'phone')

  const dark = await openPage(browser, { language: 'en', theme: 'dark' })
  await dark.goto(`${url}/customers`)
  await dark.locator('main table a').first().waitFor()
  await dark.keyboard.press('/')
  await dark.locator('.finder input').fill('zhi')
  await dark.locator('.finder mark').first().waitFor()
  await picture(dark, 'dark')
} finally {
  await browser.close()
}
