import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWindows, type Windows } from './browser.ts'
import { inspect } from './inspect.ts'

let windows: Windows
beforeAll(async () => {
  windows = await openWindows()
})
afterAll(() => windows?.close())

const show = async (body: string, head = '') => {
  const { page } = await windows.open('http://localhost', { language: 'en' })
  await page.setContent(
    `<!doctype html><html lang="en"><head><title>Planted</title>${head}</head><body><main><h1>Planted</h1>${body}</main></body></html>`,
  )
  return page
}

test('a screen with nothing wrong passes', async () => {
  expect(await inspect(await show('<p>Plain words.</p>'), 'planted')).toEqual([])
  await windows.closeAll()
})

test.each([
  ['pale words', '<p style="color: #bbb">pale</p>', 'color-contrast'],
  ['an input without a label', '<input>', 'label'],
  ['a button without words', '<button></button>', 'button-name'],
  ['something wider than a phone', '<div style="width: 600px">wide</div>', 'px too wide for a phone'],
])('%s is found', async (_what, body, found) => {
  expect((await inspect(await show(body), 'planted')).join()).toContain(found)
  await windows.closeAll()
})

test.each([
  ['an error in a script', '<script>throw new Error("planted")</script>', ''],
  ['an error on the console', '<script>console.error("planted")</script>', ''],
  [
    'what the content security policy forbids',
    '<script>1</script>',
    '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'">',
  ],
])('%s fails the journey', async (_what, body, head) => {
  await show(body, head)
  await expect(windows.closeAll()).rejects.toThrow(/planted|Content Security Policy/)
})
