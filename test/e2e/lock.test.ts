import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Tab } from './support/browser.ts'
import type { Account } from './support/dealer.ts'
import { inspect } from './support/inspect.ts'
import { button, input, see, seeHeading, signInByForm, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { giveFingerprint } from './support/virtualAuthenticator.ts'
import { fill, languages } from './support/words.ts'

const staff: Record<string, Account> = {}
const scene = openScene(async (dealer) => {
  for (const [login, name] of [
    ['zhou', '周敏'],
    ['tang', '唐宁'],
    ['fang', '方舟'],
    ['gu', '顾远'],
    ['lu', '陆遥'],
    ['qin', '秦川'],
  ] as const)
    staff[login] = await dealer.hire(login, name, 'salesConsultant')
})

const nameField = (language: string): string => (language === 'en' ? 'Name' : '姓名')
const lockScreen = ({ page, words }: Tab) => page.getByRole('dialog', { name: words.lock.title })
/** Names of the inputs in the browser's own accessibility tree: what a screen reader can reach. */
const namesHeard = async (page: Page): Promise<unknown[]> => {
  const client = await page.context().newCDPSession(page)
  const { nodes } = await client.send('Accessibility.getFullAXTree')
  return nodes.filter((node) => !node.ignored && node.role?.value === 'textbox').map((node) => node.name?.value)
}
const setPin = async (tab: Tab, pin: string): Promise<void> => {
  const { page, words } = tab
  const card = page.getByRole('region', { name: words.security.pin.title })
  await input(card, words.security.pin.new).fill(pin)
  await button(card, words.security.pin.act).click()
  await see(card, words.security.pin.set)
}

test.each(languages)(
  'a locked screen hides everything and keeps what was typed; a draft outlives a reload, and goes once it is saved (%s)',
  async (language) => {
    const who = language === 'en' ? staff['zhou']! : staff['tang']!
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    await signInByForm(tab, who, '/customers/new')
    const name = input(page, nameField(language))
    await name.fill('输入到一半')
    await page.keyboard.press('Alt+Shift+L')
    const lock = lockScreen(tab)
    await lock.waitFor()
    await see(lock, who.name)
    // Nothing below is in the tree that a screen reader reads, nor reached by key.
    expect(await namesHeard(page)).toEqual([words.signIn.password])
    await page.keyboard.press('Escape')
    for (let i = 0; i < 12; i += 1) await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('main') ?? null)).toBeNull()
    const found = await inspect(page, 'locked')
    // Nor does the server answer.
    expect(await page.evaluate(async () => (await fetch('/api/customers')).status)).toBe(401)
    await input(lock, words.signIn.password).fill('not-this-one')
    await button(lock, words.lock.unlock).click()
    await see(lock, words.errors.unlock_failed.title)
    await input(lock, words.signIn.password).fill(who.password)
    await page.keyboard.press('Enter')
    await lock.waitFor({ state: 'hidden' })
    expect(await name.inputValue()).toBe('输入到一半')

    // What lies in the browser is sealed.
    await until(
      () =>
        page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              const opened = indexedDB.open('anechoic-drafts')
              opened.addEventListener('success', () => {
                const all = opened.result.transaction('drafts').objectStore('drafts').getAll()
                all.addEventListener('success', () => {
                  opened.result.close()
                  const texts = all.result.map(({ sealed }: { sealed: ArrayBuffer }) => new TextDecoder().decode(sealed))
                  resolve(texts.filter((text: string) => !text.includes('输入')).length)
                })
              })
            }),
        ),
      1,
    )
    page.once('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await see(page, words.form.restored)
    expect(await name.inputValue()).toBe('输入到一半')
    await button(page, words.form.create).click()
    await seeHeading(page, '输入到一半')
    await page.goto('/customers/new')
    await name.waitFor()
    await page.waitForTimeout(500)
    expect(await name.inputValue()).toBe('')
    expect(found).toEqual([])
  },
)

test.each(languages)(
  'on the shop’s PC a colleague goes on with her own PIN, and back again to a draft that waited (%s)',
  async (language) => {
    const [one, two] = language === 'en' ? [staff['fang']!, staff['gu']!] : [staff['lu']!, staff['qin']!]
    const tab = await scene.windows.open(scene.dealer.url, { language })
    const { page, words } = tab
    await signInByForm(tab, one, '/security')
    await setPin(tab, '274913')
    await page.getByRole('button', { name: words.userMenu }).click()
    await button(page.getByRole('dialog'), words.lock.now).click()
    await lockScreen(tab).waitFor()
    await button(lockScreen(tab), words.lock.other).click()
    await input(page, words.signIn.login).fill(two.login)
    await input(page, words.signIn.password).fill(two.password)
    await button(page, words.signIn.act).click()
    await page.locator('.shell h1').waitFor()
    await page.goto('/security')
    await setPin(tab, '860427')
    await page.keyboard.press('Alt+Shift+L')
    const lock = lockScreen(tab)
    await lock.getByRole('radio', { name: one.name }).click()
    const found = await inspect(page, 'two people')
    await input(lock, words.security.pin.title).fill('860427')
    await button(lock, words.lock.unlock).click()
    await see(lock, words.errors.unlock_failed.title)
    await input(lock, words.security.pin.title).fill('274913')
    const began = Date.now()
    await page.keyboard.press('Enter')
    await page.locator('.me', { hasText: one.name }).waitFor()
    process.stdout.write(`switched in ${Date.now() - began} ms\n`)
    await page.goto('/customers/new')
    await input(page, nameField(language)).fill('等她回来')
    await page.waitForTimeout(1_000)
    await page.keyboard.press('Alt+Shift+L')
    await lock.getByRole('radio', { name: two.name }).click()
    await input(lock, words.security.pin.title).fill('860427')
    await page.keyboard.press('Enter')
    await page.locator('.me', { hasText: two.name }).waitFor()
    // Hers is not his: the form of the same address is empty for him.
    await page.goto('/customers/new')
    await input(page, nameField(language)).waitFor()
    await page.waitForTimeout(500)
    expect(await input(page, nameField(language)).inputValue()).toBe('')
    await page.keyboard.press('Alt+Shift+L')
    await lock.getByRole('radio', { name: one.name }).click()
    await input(lock, words.security.pin.title).fill('274913')
    await page.keyboard.press('Enter')
    await page.locator('.me', { hasText: one.name }).waitFor()
    await page.goto('/customers/new')
    await until(() => input(page, nameField(language)).inputValue(), '等她回来')
    expect(found).toEqual([])
  },
)

test.each(languages)('an invitation and a way back, each by a link that works once (%s)', async (language) => {
  const { owner, storeId, url } = scene.dealer
  const login = language === 'en' ? 'newcomer' : 'xinren'
  const hired = await owner.call<{ id: string; invitation: { token: string } }>('POST', '/api/staff', {
    login,
    name: '新人',
    roles: ['salesConsultant'],
    storeIds: [storeId],
    invite: true,
  })
  const tab = await scene.windows.open(url, { language, width: 390 })
  const { page, words } = tab
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`/join#${hired.invitation.token}`)
  await see(page, fill(words.join.invite.title, { name: '新人' }))
  // The token stands neither in the address any more, nor in what the server was asked for.
  expect(page.url()).not.toContain(hired.invitation.token)
  expect(asked.join()).not.toContain(hired.invitation.token)
  const found = await inspect(page, 'invitation')
  await input(page, words.security.password.new).fill('12345678')
  await button(page, words.join.password).click()
  await see(page, words.problems.too_short)
  await giveFingerprint(page)
  await button(page, words.join.passkey).click()
  await seeHeading(page, words.join.done)
  found.push(...(await inspect(page, 'joined')))
  await button(page, words.join.start).click()
  await page.locator('.shell h1').waitFor()

  const { token } = await owner.call<{ token: string }>('POST', `/api/staff/${hired.id}/links`, { purpose: 'recover' })
  const other = await scene.windows.open(url, { language, theme: 'dark' })
  await other.page.goto(`/join#${token}`)
  await see(other.page, fill(words.join.recover.title, { name: '新人' }))
  await input(other.page, words.security.password.new).fill('zurueck-mit-neuen-worten')
  await button(other.page, words.join.password).click()
  await seeHeading(other.page, words.join.done)
  // The old way in is closed, and so is the link.
  await page.goto('/customers')
  await seeHeading(page, words.signIn.title)
  await button(page, words.signIn.passkey).click()
  await see(page, words.errors.sign_in_failed.title)
  await page.goto(`/join#${token}`)
  await see(page, words.errors.link_invalid.title)
  expect(found).toEqual([])
})

test.each(languages)('a key act asks once more who it is: closing changes nothing, a finger lets it happen (%s)', async (language) => {
  const { boss, url } = scene.dealer
  const first = await scene.windows.open(url, { language })
  const second = await scene.windows.open(url, { language })
  // Signed in by password alone, before there was a second factor: that is not the account's strongest any more.
  await signInByForm(first, boss, '/keys')
  await signInByForm(second, boss, '/security')
  const finger = await giveFingerprint(second.page)
  await button(second.page, second.words.security.passkeys.add).click()
  await button(second.page.getByRole('dialog'), second.words.security.passkeys.go).click()
  const listed = second.page.locator('.security-list .tag', { hasText: second.words.security.passkeys.bound })
  await listed.waitFor()
  const { page, words } = first
  await (await giveFingerprint(page)).take(await finger.held())
  await page.getByRole('main').getByRole('button', { name: words.keys.verify.act, exact: true }).last().click()
  const asking = page.getByRole('dialog', { name: words.keys.verify.title })
  const act = button(asking, words.keys.verify.act)
  await act.click()
  const dialog = page.getByRole('dialog', { name: words.stepUp.title })
  await dialog.waitFor()
  const found = await inspect(page, 'step up')
  await button(dialog, words.cancel).click()
  await dialog.waitFor({ state: 'hidden' })
  await see(page, words.errors.step_up_required.title)
  await act.click()
  await button(dialog, words.signIn.passkey).click()
  await dialog.waitFor({ state: 'hidden' })
  await until(
    async () =>
      (await scene.dealer.owner.call<{ items: { kind: string }[] }>('GET', '/api/jobs')).items.some(({ kind }) => kind === 'verify'),
    true,
  )
  expect(found).toEqual([])
  // For the other language: as it was.
  await button(second.page, fill(words.security.passkeys.removeOne, { name: 'Linux' })).click()
  await until(() => listed.count(), 0)
})
