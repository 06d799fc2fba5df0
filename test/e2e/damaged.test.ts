import { existsSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { expect, test } from 'vitest'
import { button, see, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, languages } from './support/words.ts'

let damagedId = ''

const scene = openScene(async (dealer) => {
  for (const name of ['完好的人一', '完好的人二', '完好的人三']) await dealer.addCustomer({ name, ownerId: dealer.boss.id })
  damagedId = await dealer.addCustomer({ name: '打不开的人', ownerId: dealer.boss.id })
  const note = existsSync(`${dealer.data}/socket-folder`) ? readFileSync(`${dealer.data}/socket-folder`, 'utf8').trim() : null
  const client = new pg.Client({
    host: note ?? `${dealer.data}/run`,
    user: 'anechoic_owner',
    password: readFileSync(`${dealer.data}/secrets/owner.password`, 'utf8').trim(),
    database: 'anechoic',
  })
  await client.connect()
  await client.query(
    'update customers set sealed_personal = set_byte(sealed_personal, 99, 255 - get_byte(sealed_personal, 99)) where id = $1',
    [damagedId],
  )
  await client.end()
})

test.each(languages)('a list names the customer that does not open, shows the others, and the check finds it (%s)', async (language) => {
  const width = language === 'en' ? 390 : 1280
  const tab = await scene.windows.open(scene.dealer.url, { language, width })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/customers')
  const notice = page.getByRole('alert').filter({ hasText: damagedId })
  await see(notice, counted(words.damaged, 'title', 1))
  await see(notice, words.damaged.advice)
  for (const name of ['完好的人一', '完好的人二', '完好的人三']) await page.getByRole('link', { name }).waitFor()
  expect(await page.getByText('打不开的人').count()).toBe(0)

  await page.goto('/keys')
  await button(page, words.keys.verify.act).click()
  await button(page.getByRole('dialog', { name: words.keys.verify.title }), words.keys.verify.act).click()
  await see(page.locator('.toasts'), words.keys.started)
  await page.goto('/jobs')
  const card = page.getByRole('listitem').filter({ hasText: words.jobKinds.verify })
  // Each journey has a check of its own.
  await until(() => card.getByText(counted(words.jobs, 'differing', 1)).count(), languages.indexOf(language) + 1)
})
