import { pinyinForms } from '../../../domain/text/pinyin.ts'
import { formatPhone } from '../../../web/ui/formatPhone.ts'
import type { Person } from '../../support/people.ts'
import type { Tab } from '../support/browser.ts'
import { input } from '../support/page.ts'

/** What one may remember of somebody: what one types then, and what one adds when too many answer. */
export const waysToAsk = (person: Person): Record<string, { text: string; more: string }> => {
  const phone = person.phones[0]!
  const lastFour = phone.slice(-4)
  return {
    name: { text: person.name, more: lastFour },
    initials: { text: pinyinForms(person.name).initials.split(' ')[0]!, more: lastFour },
    phone: { text: formatPhone(phone), more: '' },
    lastFour: { text: lastFour, more: person.name },
    // Road and number, without city, district and flat.
    address: { text: /[^省市区县]{1,8}(?:路|街|大道|巷|弄)\d+号/.exec(person.addresses[0] ?? '')?.[0] ?? '', more: person.name },
  }
}

/** How a search went: whether they stand on the first page of answers, how often words were typed, and milliseconds from typing to the answers. */
export type Search = { isFound: boolean; typed: number; ms: number }

/**
 * Types into the list's search until the person's row, with name and number, stands on its first page: at first `text`, then `more` with it. Turning
 * page after page instead would soon use up what one person may open in an hour. Throws when the list answers with an error.
 */
export const findPerson = async ({ page, words }: Tab, person: Person, { text, more }: { text: string; more: string }): Promise<Search> => {
  const row = page
    .locator('.grid-table tbody tr')
    .filter({ hasText: person.name })
    .filter({ hasText: formatPhone(person.phones[0]!) })
  const type = async (asked: string): Promise<void> => {
    const answers = page.waitForResponse((response) => new URL(response.url()).searchParams.get('q') === asked)
    await input(page, words.customers.search).fill(asked)
    const answer = await answers
    if (!answer.ok()) throw new Error(`a search was answered with ${answer.status()}`)
    await page.locator('.stale, [aria-busy=true]').waitFor({ state: 'detached' })
  }
  const began = performance.now()
  await type(text)
  const ms = Math.round(performance.now() - began)
  if ((await row.count()) > 0) return { isFound: true, typed: 1, ms }
  if (more === '') return { isFound: false, typed: 1, ms }
  await type(`${text} ${more}`)
  return { isFound: (await row.count()) > 0, typed: 2, ms }
}
