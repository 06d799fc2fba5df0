import { chmodSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspect } from './support/inspect.ts'
import { button, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { counted, fill, languages } from './support/words.ts'

const scene = openScene(
  async (dealer) => {
    await dealer.addCustomer({ name: '要留住的人' })
  },
  (folder) => {
    const backups = join(folder, 'backups')
    mkdirSync(backups)
    chmodSync(backups, 0o777) // the server's account writes there, this test reads it as whoever runs it
    return { ANECHOIC_BACKUPS: backups }
  },
)
const backupsFolder = () => join(scene.dealer.folder, 'backups')
const taken = () => readdirSync(backupsFolder()).filter((name) => name.endsWith('Z'))

test.each(languages)('the owner backs up with one click, and sees when, how big and where (%s)', async (language) => {
  const before = taken().length
  const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/backups')
  await seeHeading(page, words.nav.backups)
  const troubles: string[] = []
  if (before === 0) {
    await see(page, words.backups.never)
    await see(page, words.backups.none)
    troubles.push(...(await inspect(page, 'no backup')))
  }
  // One disk holds all of this test.
  await see(page, words.backups.sameDisk)
  await see(page, words.backups.unproven)
  await see(page, words.backups.how.command.how)
  await button(page, words.backups.act).click()
  await see(page.locator('.toasts'), words.backups.started)
  await until(async () => taken().length, before + 1)
  const name = taken().toSorted().at(-1)!
  await see(page, `${backupsFolder()}/${name}`)
  await until(() => page.getByText(words.backups.never).count(), 0)
  await see(page.locator('.backups'), counted(words.backups, 'holds', 1))
  troubles.push(...(await inspect(page, 'a backup')))
  expect(troubles).toEqual([])

  await page.goto('/jobs')
  const job = page.getByRole('listitem').filter({ hasText: words.jobKinds.backup }).first()
  await see(job, words.jobStates.done)
  await page.goto('/audit')
  await see(page.locator('.log'), words.acts.backup_create)
})

test('a disk that is not plugged in is told apart from an empty one, and a failed backup says so', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  renameSync(backupsFolder(), `${backupsFolder()}-away`)
  try {
    await signIn(tab, scene.dealer.boss, '/backups')
    await see(page, fill(words.backups.unreachable, { folder: backupsFolder() }))
    expect(await button(page, words.backups.act).isDisabled()).toBe(true)
    // Pulled out between the look and the click.
    const { id } = await scene.dealer.owner.call<{ id: string }>('POST', '/api/backups')
    await until(async () => (await scene.dealer.owner.call<{ state: string }>('GET', `/api/jobs/${id}`)).state, 'failed')
    await page.reload()
    await see(page, words.errors.backup_failed.advice)
  } finally {
    renameSync(`${backupsFolder()}-away`, backupsFolder())
  }
})
