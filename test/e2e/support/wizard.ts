import type { Tab } from './browser.ts'

/** A list to import: bytes under a name, or a file's path. */
export type List = string | { name: string; bytes: Buffer }

/** Hands the import page a file, as choosing it does. */
export const chooseFile = async ({ page }: Tab, list: List): Promise<void> =>
  page
    .locator('input[type=file]')
    .setInputFiles(typeof list === 'string' ? list : { name: list.name, mimeType: 'application/octet-stream', buffer: list.bytes })

/** What became of the rows, as the report's page says. */
export type Tally = { created: number; skipped: number; refused: number }

/** Reads the tally off the page of an import, under way or done. */
export const readTally = async ({ page, words }: Tab): Promise<Tally> => {
  const read = async (name: keyof Tally): Promise<number> => {
    const figure = page.locator('.tally div').filter({ hasText: words.imports.tally[name] }).locator('dd')
    return Number((await figure.innerText()).replace(/\D/g, ''))
  }
  return { created: await read('created'), skipped: await read('skipped'), refused: await read('refused') }
}
