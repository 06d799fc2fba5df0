import { expect, test } from 'vitest'
import { button, input, see, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { fill, languages } from './support/words.ts'

const scene = openScene(async (dealer) => {
  for (let i = 0; i < 5; i += 1) await dealer.addCustomer({ name: `换钥匙的人${i}` })
})

test.each(languages)(
  'a new epoch takes over everybody’s key, its progress can be read, and customers open as before (%s)',
  async (language) => {
    const next = language === 'en' ? 3 : 2
    const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, '/keys')
    const epochs = page.getByRole('group', { name: words.keys.epochs }).getByRole('row')
    const current = epochs.filter({ hasText: words.epochStates.current })
    await until(async () => (await current.innerText()).split(/\s/)[0], String(next - 1))
    await button(page, words.keys.rotate.act).click()
    const dialog = page.getByRole('dialog', { name: words.keys.rotate.title })
    await see(dialog, words.keys.rotate.confirm)
    await button(dialog, words.keys.rotate.act).click()
    await see(page.locator('.toasts'), words.keys.started)
    await until(async () => (await current.innerText()).split(/\s/)[0], String(next))
    await until(() => button(page, words.keys.rotate.act).isEnabled(), true)
    // The five customers and the owner, whose name is personal data too.
    await until(async () => (await current.innerText()).trim().endsWith('6'), true)

    await page.goto('/jobs')
    const jobs = page.getByRole('listitem').filter({ hasText: words.jobKinds.rotateEpoch })
    await until(() => jobs.filter({ hasText: words.jobStates.done }).count(), next - 1)
    expect(await jobs.first().getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100')
    await see(jobs.first(), fill(words.jobs.doneOf, { done: 6, total: 6 }))
    await page.goto('/customers')
    await page.getByRole('link', { name: '换钥匙的人3' }).click()
    await see(page, fill(words.lens.epoch, { epoch: next }))
  },
)

test('the recovery kit is proven from its page, and the guard stops asking for it', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/keys')
  await see(page.locator('.bar'), words.guard.todo)
  await button(page, words.keys.prove).click()
  for (const [i, share] of scene.dealer.shares.slice(0, 3).entries())
    await input(page, fill(words.kit.shareAt, { place: i + 1 })).fill(share)
  await button(page, words.kit.prove).click()
  await see(page.locator('.toasts'), words.keys.nowProven)
  // What is left to do is another matter.
  await see(page.locator('.bar'), words.guard.backupDue)
})
