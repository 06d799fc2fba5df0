import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Locale } from 'antd/es/locale/index.js'
import { keepLanguage, type Language, languageNow } from '../app/preferences.ts'
import type { Messages } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Messages }
  }
}

const sources: Record<Language, () => Promise<Messages>> = {
  'zh-CN': async () => (await import('./zhCN.ts')).zhCN,
  en: async () => (await import('./en.ts')).en,
}

const locales: Record<Language, () => Promise<{ default: Locale }>> = {
  'zh-CN': () => import('antd/es/locale/zh_CN.js') as unknown as Promise<{ default: Locale }>,
  en: () => import('antd/es/locale/en_US.js') as unknown as Promise<{ default: Locale }>,
}

let antdLocale: Locale | undefined

/** antd's own words in the language in use. */
export const antdLocaleNow = (): Locale | undefined => antdLocale

const fetchLanguage = async (language: Language): Promise<Messages> => {
  const [messages, locale] = await Promise.all([sources[language](), locales[language]()])
  // Some bundlers hand over the CommonJS module, others its default.
  antdLocale = 'locale' in locale.default ? locale.default : (locale.default as unknown as { default: Locale }).default
  document.documentElement.lang = language
  return messages
}

/** Loads the reader's language; resolves once words can be shown. */
export const startMessages = async (): Promise<void> => {
  const language = languageNow()
  const messages = await fetchLanguage(language)
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: messages } },
    fallbackLng: false,
    // React escapes by itself.
    interpolation: { escapeValue: false },
    returnNull: false,
  })
}

/** Changes the language, keeps the choice, and resolves once the words are there. */
export const chooseLanguage = async (language: Language): Promise<void> => {
  const messages = await fetchLanguage(language)
  i18next.addResourceBundle(language, 'translation', messages, true, true)
  keepLanguage(language)
  await i18next.changeLanguage(language)
}
