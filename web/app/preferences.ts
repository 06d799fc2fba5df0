import { useSyncExternalStore } from 'react'

/** Settings of the reader, kept in this browser. They hold no customer data. */
export type Theme = 'system' | 'light' | 'dark'
export type Language = 'zh-CN' | 'en'

const listeners = new Set<() => void>()

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(`anechoic.${key}`)
  } catch {
    return null
  }
}

/** Keeps a setting; null forgets it. A browser that refuses storage keeps it until the page is left. */
const write = (key: string, value: string | null): void => {
  try {
    if (value === null) localStorage.removeItem(`anechoic.${key}`)
    else localStorage.setItem(`anechoic.${key}`, value)
  } catch {
    // Private windows may refuse; the setting then lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
systemDark.addEventListener('change', () => {
  for (const listener of listeners) listener()
})

const themeNow = (): Theme => {
  const kept = read('theme')
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

/** Returns the chosen theme and what it comes to at the moment. */
export const useTheme = (): { theme: Theme; mode: 'light' | 'dark' } => {
  const theme = useSyncExternalStore(subscribe, themeNow)
  const dark = useSyncExternalStore(subscribe, () => systemDark.matches)
  return { theme, mode: theme === 'system' ? (dark ? 'dark' : 'light') : theme }
}

/** Chooses a theme. */
export const chooseTheme = (theme: Theme): void => {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  write('theme', theme === 'system' ? null : theme)
}

/** Returns the chosen language, else the browser's, else Chinese. */
export const languageNow = (): Language => {
  const kept = read('language')
  if (kept === 'zh-CN' || kept === 'en') return kept
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN'
}

/** Returns the language and follows it. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, languageNow)

/** Keeps the language. `web/messages/load.ts` does the changing. */
export const keepLanguage = (language: Language): void => write('language', language)

/** Whether the seldom needed part of a form was left open. */
export const isUnfolded = (form: string): boolean => read(`unfolded.${form}`) !== null

/** Keeps whether the seldom needed part of a form is open. */
export const keepUnfolded = (form: string, open: boolean): void => write(`unfolded.${form}`, open ? '1' : null)
