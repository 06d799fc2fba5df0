/**
 * Fails unless the web client can say everything in both languages: en and zhCN have the same keys and placeholders, nothing is empty or left in
 * English, and each error code, problem code, reason, role and use has its words.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { auditActions } from '../../domain/audit/actions.ts'
import { reasons } from '../../domain/audit/reasons.ts'
import { problemCodes } from '../../domain/catalogue/check.ts'
import { customerProblems, rowProblems } from '../../domain/import/problems.ts'

type Words = { readonly [key: string]: string | Words }

const root = join(import.meta.dirname, '../..')
const files = { en: join(root, 'web/messages/en.ts'), zhCN: join(root, 'web/messages/zhCN.ts') }

const load = async (name: 'en' | 'zhCN'): Promise<Map<string, string>> => {
  const module = (await import(pathToFileURL(files[name]).href)) as Record<string, Words>
  const flat = (words: Words, path: string): [string, string][] =>
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`),
    )
  return new Map(flat(module[name] ?? {}, ''))
}

// The error codes are a type; what the compiler erases is read from the text.
const errorCodes = async (): Promise<string[]> => {
  const text = await readFile(join(root, 'domain/errors.ts'), 'utf8')
  const union = text.slice(text.indexOf('export type ErrorCode'), text.indexOf('export type ErrorDetails'))
  return Array.from(union.matchAll(/'([a-z_]+)'/g), (match) => match[1]!)
}

const needed = async (): Promise<string[]> => {
  const codes = await errorCodes()
  if (codes.length < 20) throw new Error('domain/errors.ts no longer reads as a union of error codes')
  return [
    ...codes.map((code) => `errors.${code}.title`),
    ...problemCodes.map((code) => `problems.${code}`),
    ...Object.keys(reasons).map((code) => `reasons.${code}`),
    ...auditActions.map((action) => `acts.${action}`),
    ...['call', 'message', 'copy', 'navigate'].map((use) => `uses.${use}`),
    // Where the import report keeps its words is its own affair.
    ...[...customerProblems, ...rowProblems].map((code) => `*.${code}`),
  ]
}

const placeholders = (text: string): string =>
  (text.match(/\{\{\s*[\w.]+/g) ?? [])
    .map((one) => one.replace(/\{\{\s*/, ''))
    .toSorted()
    .join()
// Abbreviations (CSV, TOTP) are the same word in Chinese; a lower-case English word is one that was not translated.
const untranslated = (text: string): boolean =>
  !/\p{Script=Han}/u.test(text) && /\b[a-z]{4,}\b/.test(text.replace(/\{\{.*?\}\}/g, '').replace(/\S*[@/._]\S*/g, ''))

const problems = (en: Map<string, string>, zh: Map<string, string>, codes: string[]): string[] => [
  // i18next picks plural forms by suffix, and Chinese has only one.
  ...[...en.keys()]
    .filter((key) => !zh.has(key) && !(/_(one|zero|two|few|many)$/.test(key) && zh.has(key.replace(/_\w+$/, '_other'))))
    .map((key) => `zhCN lacks ${key}`),
  ...[...zh.keys()].filter((key) => !en.has(key)).map((key) => `en lacks ${key}`),
  ...[['en', en] as const, ['zhCN', zh] as const].flatMap(([name, words]) => [
    ...[...words].filter(([, text]) => text.trim() === '').map(([key]) => `${name} says nothing at ${key}`),
    ...codes
      .filter((key) => !(key.startsWith('*') ? [...words.keys()].some((one) => one.endsWith(key.slice(1))) : words.has(key)))
      .map((key) => `${name} has no words for ${key}`),
  ]),
  ...[...zh].filter(([, text]) => untranslated(text)).map(([key]) => `zhCN is English at ${key}`),
  ...[...en]
    .filter(([key, text]) => zh.has(key) && placeholders(text) !== placeholders(zh.get(key)!))
    .map(([key]) => `placeholders differ at ${key}`),
]

const missing = Object.values(files).filter((file) => !existsSync(file))
if (missing.length > 0) {
  console.log('skipped: web/messages/en.ts and zhCN.ts are not there yet')
} else {
  const found = problems(await load('en'), await load('zhCN'), await needed())
  for (const line of found) console.error(line)
  process.exitCode = found.length > 0 ? 1 : 0
}
