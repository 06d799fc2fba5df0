import { type CompositionEventHandler, useState } from 'react'

/** What a search field needs to be asked as one types. */
export type Typed = {
  /** The text as far as it is meant: while an input method composes (pinyin on its way to Han), what stood there before. */
  readonly settled: string
  /** For the input element, or what it stands in. */
  readonly composition: {
    readonly onCompositionStart: CompositionEventHandler<HTMLElement>
    readonly onCompositionEnd: CompositionEventHandler<HTMLElement>
  }
}

/**
 * Returns what has been typed into a search field and is meant as such. There is no delay: each letter is asked for at once, and what is asked next
 * cancels what was asked before.
 */
export const useTyped = (text: string): Typed => {
  const [held, setHeld] = useState<string | null>(null)
  return {
    settled: (held ?? text).trim(),
    composition: { onCompositionStart: () => setHeld(text), onCompositionEnd: () => setHeld(null) },
  }
}

/** Whether a text narrows a base of customers: one Latin letter or digit is the beginning of half of all names. */
export const isWorthAsking = (text: string): boolean => /[^\u0000-\u02ff]/u.test(text) || text.length >= 2
