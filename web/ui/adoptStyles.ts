/** What antd's injectors expect back from an insertion: something that takes marks. */
type Adopted = { sheet: CSSStyleSheet; css: string; setAttribute: () => void; [mark: string]: unknown }

type Placement = { prepend?: boolean | 'queue'; priority?: number }

const adopted = new Map<string, Adopted>()

/** A layer below our own style sheets and above our resets (base.css), whichever comes first in the page. */
const layered = (css: string): string => `@layer antd{${css}}`

const adopt = (css: string, placement: Placement): Adopted => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(layered(css))
  document.adoptedStyleSheets = placement.prepend ? [sheet, ...document.adoptedStyleSheets] : [...document.adoptedStyleSheets, sheet]
  return { sheet, css, setAttribute: () => {} }
}

/** Adds `css` under `key`, or replaces what stands there, as a constructed style sheet: the same act as rc-util's, in a form that a strict CSP allows. */
export function updateCSS(css: string, key: string, placement: Placement = {}): Adopted {
  const existing = adopted.get(key)
  if (!existing) {
    const entry = adopt(css, placement)
    adopted.set(key, entry)
    return entry
  }
  if (existing.css !== css) {
    existing.sheet.replaceSync(layered(css))
    existing.css = css
  }
  return existing
}

/** Removes what was added under `key`. */
export function removeCSS(key: string): void {
  const entry = adopted.get(key)
  if (!entry) return
  adopted.delete(key)
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== entry.sheet)
}

/** Adds `css` without a key. */
export function injectCSS(css: string, placement: Placement = {}): Adopted {
  return adopt(css, placement)
}

/** There is no container to forget. */
export function clearContainerCache(): void {}

/** The page has no shadow roots. */
export function getShadowRoot(): null {
  return null
}

/** Warnings of the icon package, which are for its own developers. */
export function warningOnce(): void {}
