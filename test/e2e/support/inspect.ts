import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Waits until a change of theme or width has been drawn, and everything that fades or slides in has come to rest: half-faded text has no contrast to judge. */
const settle = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const passing = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
    await Promise.all(passing.map((animation) => animation.finished.catch(() => null)))
  })

const phoneWidth = 390

/** Returns how far the page is wider than its window, in pixels, at a phone's width; the window is as before afterwards. */
const overflowOnPhone = async (page: Page): Promise<number> => {
  const before = page.viewportSize()
  const isNarrow = before?.width === phoneWidth
  if (!isNarrow) {
    await page.setViewportSize({ width: phoneWidth, height: 844 })
    await settle(page)
  }
  const over = await page.evaluate(async () => {
    const measure = (): number => document.documentElement.scrollWidth - window.innerWidth
    // Scripts that lay out anew after a resize need some frames; a page that is too wide stays so.
    for (let frame = 0; measure() > 0 && frame < 120; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
    return measure()
  })
  if (before && !isNarrow) await page.setViewportSize(before)
  return over
}

/** Returns each violation of WCAG 2.2 A and AA that axe finds on the screen as it stands. */
export const inspectAccess = async (page: Page, screen: string): Promise<string[]> => {
  await settle(page)
  // One frame and one question: the quick way of running axe does, and what is right need not be listed.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .withTags(rules)
    .analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${screen}: ${id} at ${node.target.join(' ')} (${node.any[0]?.message ?? node.all[0]?.message ?? ''})`),
  )
}

/** Returns what is wrong with the screen as it stands: what `inspectAccess` finds, and scrolling sideways on a phone. */
export const inspect = async (page: Page, screen: string): Promise<string[]> => {
  const found = await inspectAccess(page, screen)
  const over = await overflowOnPhone(page)
  return over > 0 ? [...found, `${screen}: ${over} px too wide for a phone`] : found
}
