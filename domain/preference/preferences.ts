import { isListState, isSavedViews, type ListState, type SavedView } from './savedView.ts'

/** What is kept for a member of staff, by key. Search texts and names of views may be about customers, so all of it is sealed under the person's own key. */
export type Preferences = {
  'list.customers': ListState
  'views.customers': readonly SavedView[]
}
export type PreferenceKey = keyof Preferences

/** `recorded`: a change is in the audit log: views hold search texts and decide what one sees first; a page size does not. */
type Rule = { readonly isValid: (value: unknown) => boolean; readonly recorded: boolean }

const rules: Readonly<Record<PreferenceKey, Rule>> = {
  'list.customers': { isValid: isListState, recorded: false },
  'views.customers': { isValid: isSavedViews, recorded: true },
}

/** Largest value, in bytes of JSON. Fifty views take about half. */
export const largestPreference = 64 * 1024

/** Returns what is known of a preference, or null for a key that does not exist. */
export const preferenceRule = (key: string): Rule | null => (Object.hasOwn(rules, key) ? rules[key as PreferenceKey] : null)
