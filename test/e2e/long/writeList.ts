import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateCustomers, type Person } from '../../support/people.ts'
import { root } from '../../support/server.ts'
import type { Tally } from '../support/wizard.ts'

/** A heading that no importer can know: its column has to be chosen by hand. */
export const strangeHeading = '师傅说的'

/** A written list: whom it holds, how many rows, and what must become of them. */
export type WrittenList = { people: Person[]; rows: number; expected: Tally }

/**
 * Writes a CSV with `rows` invented customers (`scripts/makeCustomers.ts`), then three rows that cannot be taken, one that repeats the first
 * customer's number, and one last customer, whom only an import that goes to the last row brings in. Throws when the generator does.
 */
export const writeList = (file: string, rows: number, seed: number): WrittenList => {
  execFileSync(process.execPath, [join(root, 'scripts/makeCustomers.ts'), '--rows', String(rows), '--seed', String(seed), '--out', file])
  const [...people] = generateCustomers(seed).take(rows)
  const last: Person = {
    name: '尉迟末行',
    kind: 'household',
    phones: ['+8619900000001'],
    emails: [],
    wechatIds: [],
    addresses: ['上海市崇明区最后一行路9999号'],
    tags: [],
    notes: '名单的最后一位。',
  }
  const planted = [
    '表格改坏的号码,个人,1.38E+10,,,,,',
    ',个人,13812345678,,,没有姓名,,',
    '号码太短,个人,1381,,,,,',
    `重复的号码,个人,${people[0]!.phones[0]!.slice(3)},,,,,`,
    `${last.name},个人,${last.phones[0]!.slice(3)},,,${last.addresses[0]},,${last.notes}`,
    '',
  ].join('\r\n')
  writeFileSync(file, readFileSync(file, 'utf8').replace('备注', strangeHeading) + planted, { mode: 0o600 })
  const created = countNew(people)
  return {
    people: [...people, last],
    rows: rows + 5,
    expected: { created: created + 1, skipped: rows - created + 1, refused: 3 },
  }
}

/** How many people are not known again by a phone, an e-mail or a WeChat id of somebody above them: some are drawn at random, so now and then two share one. */
const countNew = (people: readonly Person[]): number => {
  const taken = new Set<string>()
  let count = 0
  for (const { phones, emails, wechatIds } of people) {
    const keys = [...phones, ...[...emails, ...wechatIds].map((text) => text.toLowerCase())]
    if (!keys.some((key) => taken.has(key))) count += 1
    for (const key of keys) taken.add(key)
  }
  return count
}
