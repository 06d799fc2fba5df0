import { afterAll, expect, test } from 'vitest'
import { openRelayPlatform } from '../support/relayPlatform.ts'
import { inspect } from './support/inspect.ts'
import { button, input, noteOf, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { languages } from './support/words.ts'

const platform = await openRelayPlatform()
afterAll(() => platform.close())
const scene = openScene(undefined, () => ({
  ANECHOIC_RELAY_URL: platform.url,
  ANECHOIC_RELAY_TOKEN: 'geheimnis-der-plattform',
  ANECHOIC_RELAY_CA_FILE: platform.caFile,
}))

test.each(languages)('where a relay stands, a call gets its number and never the customer’s (%s)', async (language) => {
  const colleague = await scene.dealer.hire(`r.${language.toLowerCase()}`, '艾小白', 'salesConsultant')
  const id = await scene.dealer.addCustomer({ name: '顾听雪', ownerId: scene.dealer.boss.id, phones: ['+8613812347001'] })
  const look = { language, theme: language === 'en' ? 'dark' : 'light', width: language === 'en' ? 390 : 1280 } as const
  const tab = await scene.windows.open(scene.dealer.url, look, /status of 502/)
  const { page, words } = tab
  const found: string[] = []
  const phones = language === 'en' ? 'Phones' : '电话'
  await signIn(tab, colleague, `/customers/${id}`)
  await seeHeading(page, '顾听雪')
  platform.seen.length = 0
  platform.answer = { status: 201, body: JSON.stringify({ id: 'b-1', relay: '17012345678' }) }

  await button(page, `${words.uses.call} ${phones}`).click()
  const ask = page.getByRole('dialog', { name: words.uses.callerTitle })
  await input(ask, words.uses.caller).fill('1390')
  await button(ask, words.uses.callerAct).click()
  await until(() => noteOf(input(ask, words.uses.caller)), words.problems.bad_phone)
  expect(platform.seen).toEqual([])
  await input(ask, words.uses.caller).fill('139 0000 0001')
  found.push(...(await inspect(page, 'caller')))
  await button(ask, words.uses.callerAct).click()
  const shown = page.getByRole('dialog', { name: words.uses.relayTitle })
  await see(shown, '170 1234 5678')
  found.push(...(await inspect(page, 'relay')))
  expect((await page.content()).replaceAll(/\s/g, '')).not.toContain('12347001')
  expect(platform.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { caller: '+8613900000001', callee: '+8613812347001', minutes: 10 },
  ])
  platform.answer = { status: 204, body: '' }
  await button(shown, words.uses.relayEnd).click()
  await shown.waitFor({ state: 'hidden' })
  expect(platform.seen.at(-1)).toMatchObject({ method: 'DELETE', url: '/v1/bindings/b-1' })

  // The platform is down: said, and the number does not come out instead. The tab still knows the caller.
  platform.answer = { status: 503, body: '' }
  await button(page, `${words.uses.call} ${phones}`).click()
  expect(await input(ask, words.uses.caller).inputValue()).toBe('+8613900000001')
  await button(ask, words.uses.callerAct).click()
  await see(page.locator('.toasts'), words.errors.relay_unavailable.title)
  expect((await page.content()).replaceAll(/\s/g, '')).not.toContain('12347001')
  expect(found).toEqual([])
})
