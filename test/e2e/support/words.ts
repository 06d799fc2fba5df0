import { en, type Messages } from '../../../web/messages/en.ts'
import { zhCN } from '../../../web/messages/zhCN.ts'

export type Language = 'zh-CN' | 'en'

/** The languages in which a journey is walked. */
export const languages: readonly Language[] = ['zh-CN', 'en']

/** Returns every word of the client in one language: a journey looks for what a person would read. */
export const wordsIn = (language: Language): Messages => (language === 'en' ? en : zhCN)

/** Returns a text with its `{{places}}` filled in, as i18next does; `{{places, number}}` get their thousands apart, which both languages write alike. */
export const fill = (text: string, facts: Record<string, string | number>): string =>
  text.replace(/\{\{(\w+)(, number)?\}\}/g, (_whole, name: string, grouped?: string) => {
    const fact = facts[name] ?? ''
    return grouped && typeof fact === 'number' ? fact.toLocaleString('en') : String(fact)
  })

/** Returns the text for a count, with English's form for one. */
export const counted = (group: object, key: string, count: number): string => {
  const texts = group as Record<string, string>
  return fill((count === 1 ? texts[`${key}_one`] : undefined) ?? texts[`${key}_other`] ?? '', { count })
}
