import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { auditActions, outcomes } from '../../domain/audit/actions.ts'
import { reasons } from '../../domain/audit/reasons.ts'
import { problemCodes } from '../../domain/catalogue/check.ts'
import { customerProblems, rowProblems } from '../../domain/import/problems.ts'
import { en } from './en.ts'
import { zhCN } from './zhCN.ts'

const leaves = (messages: object, path = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value as object, `${path}${key}.`),
  )

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]!).toSorted()

const chinese = new Map(leaves(zhCN))

// The closed union itself is a type; its lines are read, so that a code added tomorrow fails here until both languages have its message.
const errorCodes = [
  ...readFileSync(new URL('../../domain/errors.ts', import.meta.url), 'utf8')
    .split('ErrorDetails')[0]!
    .matchAll(/\| '(\w+)'/g),
].map((match) => match[1]!)

test('both languages say the same things with the same facts', () => {
  for (const [key, text] of leaves(en)) {
    if (key.endsWith('_one')) continue
    expect([key, chinese.has(key)]).toEqual([key, true])
    expect([key, placeholders(chinese.get(key)!)]).toEqual([key, placeholders(text)])
  }
  const english = new Set(leaves(en).map(([key]) => key))
  expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([])
})

test('no message is empty, and no English one was left in Chinese or the other way round', () => {
  for (const [key, text] of leaves(en)) expect([key, text !== '' && !/\p{Script=Han}/u.test(text)]).toEqual([key, true])
  const untranslated = [...chinese].filter(([key, text]) => /^[A-Za-z ,.]{12,}$/.test(text) && !key.startsWith('suites.'))
  expect(untranslated).toEqual([])
})

test.each([
  ['errors', errorCodes],
  ['problems', [...problemCodes, ...rowProblems, ...customerProblems]],
  ['acts', auditActions],
  ['outcomes', outcomes],
  ['reasons', Object.keys(reasons)],
] as const)('every code of the domain has its words: %s', (section, codes) => {
  expect(codes.length).toBeGreaterThan(3)
  for (const code of codes) {
    expect([code, code in en[section]]).toEqual([code, true])
    expect([code, code in zhCN[section]]).toEqual([code, true])
  }
})
