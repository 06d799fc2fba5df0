import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Tab } from './support/browser.ts'
import type { Account } from './support/dealer.ts'
import { button, choose, input, limitMs, noteOf, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, type Language, languages } from './support/words.ts'

let consultant: Account
const scene = openScene(async (dealer) => {
  consultant = await dealer.hire('xiaoai', '艾小白', 'salesConsultant')
})

const labels = {
  'zh-CN': { name: '姓名', phones: '电话', address: '地址', kind: '类型', notes: '备注', organisation: '单位' },
  en: { name: 'Name', phones: 'Phones', address: 'Addresses', kind: 'Kind', notes: 'Notes', organisation: 'Organisation' },
} as const

test.each(languages)('an empty base says what to do next (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss)
  await see(page, words.customers.none.title)
  await see(page, words.customers.none.advice)
  await button(page, words.customers.import).click()
  await seeHeading(page, words.imports.title)
})

const people: Record<Language, { name: string; part: string; pinyin: string; initials: string; phone: string; road: string }> = {
  'zh-CN': { name: '欧阳清和', part: '清和', pinyin: 'ouyangqing', initials: 'oyqh', phone: '13812349876', road: '愚园路1088弄' },
  en: { name: '司徒若谷', part: '若谷', pinyin: 'situruo', initials: 'strg', phone: '13987650423', road: '武康路378号' },
}

test.each(languages)('a customer is created by the form and found by every part one may remember (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language })
  const { page, words } = tab
  const label = labels[language]
  const person = people[language]
  await signIn(tab, scene.dealer.boss, '/customers/new')
  await input(page, label.phones).fill('6234 5678')
  await button(page, words.form.create).click()
  await until(() => noteOf(input(page, label.name)), words.problems.required)
  await until(() => noteOf(input(page, label.phones)), words.problems.bad_phone)
  // Whoever cannot see the marks is led to the first of them.
  expect(await input(page, label.name).evaluate((element) => element === document.activeElement)).toBe(true)
  await input(page, label.name).fill(person.name)
  await input(page, label.phones).fill(person.phone)
  await input(page, label.address).fill(`上海市长宁区${person.road}6号`)
  await choose(page, label.kind, label.organisation)
  await page.keyboard.press('Control+s')
  await seeHeading(page, person.name)
  await see(page, words.customers.created)

  // Somebody who resembles them, so that finding everybody is not finding them.
  await scene.dealer.addCustomer({ name: '欧阳司徒', phones: ['+8613700001111'], addresses: ['上海市黄浦区外滩1号'] })
  await page.goto('/keys')
  await seeHeading(page, words.nav.keys)
  const named = page.getByRole('option').locator('.who b')
  for (const text of [person.part, person.pinyin, person.initials, person.phone, person.phone.slice(-4), person.road]) {
    await page.keyboard.press('Control+k')
    const isAnswer = (address: string): boolean => new URL(address).searchParams.get('q') === text
    const finder = page.getByRole('combobox', { name: words.finder.label })
    await Promise.all([page.waitForResponse((response) => isAnswer(response.url())), finder.fill(text)])
    await until(() => named.allInnerTexts(), [person.name])
    await page.keyboard.press('Escape')
    await page.locator('dialog.finder').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('/')
  await page.getByRole('combobox', { name: words.finder.label }).fill(person.initials.toUpperCase())
  await until(() => named.allInnerTexts(), [person.name])
  await page.keyboard.press('Enter')
  await seeHeading(page, person.name)
  // The search text is personal data: it is in no address.
  expect(page.url()).toMatch(/\/customers\/[\w-]+$/)
})

test.each(languages)('two people change one record: each sees the other, and nothing is lost (%s)', async (language) => {
  const label = labels[language]
  const id = await scene.dealer.addCustomer({
    name: `双人${language}`,
    ownerId: consultant.id,
    addresses: ['上海市徐汇区旧地址1号'],
    phones: ['+8613811112222'],
  })
  const mine = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const theirs = await scene.windows.open(scene.dealer.url, { language })
  await signIn(mine, consultant, `/customers/${id}/edit`)
  await signIn(theirs, scene.dealer.boss, `/customers/${id}/edit`)

  await input(mine.page, label.name).fill('我改的名字')
  await input(mine.page, label.address).fill('我的新地址2号')
  await input(theirs.page, label.name).fill('店主改的名字')
  await choose(theirs.page, label.kind, label.organisation)
  await button(theirs.page, theirs.words.form.save).click()
  await seeHeading(theirs.page, '店主改的名字')

  const { page, words } = mine
  await button(page, words.form.save).click()
  const conflict = page.getByRole('dialog', { name: words.conflict.title })
  await conflict.waitFor()
  // Back to the form: what was typed is still there, and asking again leads here again.
  await button(conflict, words.conflict.back).click()
  await conflict.waitFor({ state: 'hidden' })
  expect(await input(page, label.address).inputValue()).toBe('我的新地址2号')
  await button(page, words.form.save).click()
  await conflict.waitFor()
  const names = conflict.getByRole('group', { name: label.name }).getByRole('radio')
  expect(await names.allInnerTexts()).toEqual(
    [`${words.conflict.mine}\n我改的名字`, `${words.conflict.theirs}\n店主改的名字`].map((text) => expect.stringMatching(asLines(text))),
  )
  await names.filter({ hasText: '店主改的名字' }).click()
  await button(conflict, words.conflict.save).click()
  await seeHeading(page, '店主改的名字')
  await see(page, '上海市徐汇区我的新地址2号')
  await see(page, label.organisation)
})

const asLines = (text: string): RegExp => new RegExp(`^\\s*${text.split('\n').join('\\s*')}\\s*$`)

const openMenu = async ({ page, words }: Tab, entry: string): Promise<void> => {
  await button(page.locator('.acts'), words.nav.more).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

const inList = (page: Page, name: string): Promise<number> => page.locator('.grid-table').getByRole('link', { name }).count()

test.each(languages)(
  'the trash gives back by undo and by restore; erasing takes a typed name and gives a certificate (%s)',
  async (language) => {
    const name = language === 'en' ? '请忘记我' : '不再往来'
    const id = await scene.dealer.addCustomer({ name, phones: ['+8613833334444'] })
    const tab = await scene.windows.open(scene.dealer.url, { language, theme: 'dark', width: language === 'en' ? 390 : 1280 })
    const { page, words } = tab
    const toast = page.locator('.toasts')
    await signIn(tab, scene.dealer.boss, `/customers/${id}`)
    await openMenu(tab, words.customers.trash)
    await seeHeading(page, words.nav.customers)
    await see(toast, words.customers.wasTrashed)
    await until(() => inList(page, name), 0)
    await button(toast, words.undo).click()
    await see(toast, words.customers.restored)
    await until(() => inList(page, name), 1)

    await page.getByRole('link', { name }).click()
    await seeHeading(page, name)
    await openMenu(tab, words.customers.trash)
    await seeHeading(page, words.nav.customers)
    await page.getByRole('link', { name: words.customers.trashed }).click()
    await seeHeading(page, words.trash.title)
    await page.getByRole('link', { name }).click()
    await see(page, words.customers.isTrashed)
    await button(page, words.customers.restore).click()
    await page.getByText(words.customers.isTrashed).waitFor({ state: 'hidden', timeout: limitMs })

    await openMenu(tab, words.erase.title)
    const dialog = page.getByRole('dialog', { name: words.erase.title })
    const act = button(dialog, words.erase.act)
    await input(dialog, words.erase.reason).fill('本人书面要求')
    expect(await act.isDisabled()).toBe(true)
    const typed = input(dialog, fill(words.erase.type, { name }))
    await typed.fill(name.slice(1))
    expect(await act.isDisabled()).toBe(true)
    await typed.fill(name)
    await act.click()
    const certificate = page.getByRole('dialog', { name: words.erase.done })
    await see(certificate, words.erase.completeBy)
    expect(await certificate.innerText()).toMatch(/20\d\d-\d\d-\d\d/)
    await button(certificate, words.erase.close).click()
    await seeHeading(page, words.nav.customers)
    await until(() => inList(page, name), 0)
    await page.goto(`/customers/${id}`)
    await see(page, words.errors.not_found.title)
  },
)
