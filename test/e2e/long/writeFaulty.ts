import { stringify } from 'csv-stringify/sync'
import iconv from 'iconv-lite'
import { writeFileSync } from 'node:fs'
import { type ImportProblem } from '../../../domain/import/problems.ts'
import { generateCustomers, type Person } from '../../support/people.ts'
import { type Cell, errorCell, formula, makeWorkbook } from '../../support/workbook.ts'

const header = ['客户姓名', '手机', '邮箱', '微信号', '标签', '购买日期', '产品']

/** A fault of each kind that a list can have: what stands in the row, and why it is refused; null: known already, so it is skipped. */
const faults: { cells: (n: number, first: Person) => string[]; problem: ImportProblem | null }[] = [
  { cells: (n) => [`四舍${n}`, '1.38E+10'], problem: 'phone_scientific' },
  { cells: (n) => [`五入${n}`, '13800000000'], problem: 'phone_scientific' },
  { cells: () => ['', '13812345678'], problem: 'name_missing' },
  { cells: (n) => [`太短${n}`, '1381'], problem: 'phone_too_short' },
  { cells: (n) => [`太长${n}`, '138123456789'], problem: 'phone_too_long' },
  { cells: (n) => [`无区号${n}`, '62345678'], problem: 'phone_area_code_missing' },
  { cells: (n) => [`不是电话${n}`, '见名片'], problem: 'phone_not_a_phone' },
  { cells: (n) => [`打码${n}`, '138****5678'], problem: 'masked' },
  { cells: (n) => [`邮箱${n}`, '', 'wang@@example'], problem: 'email_not_an_email' },
  { cells: (n) => [`日期${n}`, '', '', '', '', '45366', 'KEF'], problem: 'date_unreadable' },
  { cells: (n) => [`两可${n}`, '', '', '', '', '3/4/2024', 'KEF'], problem: 'date_unreadable' },
  { cells: (n) => [`错误${n}`, '#REF!'], problem: 'cell_error' },
  { cells: (n) => ['名'.repeat(101) + n, ''], problem: 'too_long' },
  { cells: (n, first) => [`重复${n}`, first.phones[0]!], problem: null },
]

/** A written list: what must become of its rows. `refused`: by line, why. */
export type FaultyList = { rows: number; created: number; skipped: number; refused: Map<number, ImportProblem> }

const plainCells = ({ name, phones }: Person): string[] => [name, phones[0]!.slice(3)]

/**
 * Writes a list of invented customers with `planted` faulty rows of every kind strewn evenly over it: as GBK text, or as a workbook, in which there are errors
 * and formulas without values too. Nobody has more than a name and a first phone, so that nobody is known again by chance.
 */
export const writeFaulty = (file: string, rows: number, planted: number, seed: number): FaultyList => {
  const isWorkbook = file.endsWith('.xlsx')
  const every = Math.floor(rows / planted)
  const people = generateCustomers(seed)
  const first = people.next().value
  const table: Cell[][] = [header, plainCells(first)]
  const list: FaultyList = { rows, created: 1, skipped: 0, refused: new Map() }
  for (let n = 1; n < rows; n += 1) {
    const turn = Math.floor(n / every)
    if (n % every !== 0 || turn > planted) {
      table.push(plainCells(people.next().value))
      list.created += 1
      continue
    }
    const { cells, problem } = faults[turn % faults.length]!
    const line = table.length + 1
    const row: Cell[] = cells(n, first)
    if (isWorkbook && problem === 'cell_error') {
      const isFormula = turn % 2 === 0
      row[1] = isFormula ? formula('VLOOKUP(A2,B:C,2,0)') : errorCell('#REF!')
      list.refused.set(line, isFormula ? 'formula_uncached' : 'cell_error')
    } else if (problem === null) list.skipped += 1
    else list.refused.set(line, problem)
    table.push(row)
  }
  const full = table.map((row) => [...row, ...Array<string>(header.length - row.length).fill('')])
  const bytes = isWorkbook
    ? makeWorkbook([
        { name: '说明', rows: [['每月更新']] },
        { name: '客户', rows: full },
      ])
    : iconv.encode(stringify(full as string[][], { record_delimiter: '\r\n' }), 'gb18030')
  writeFileSync(file, bytes, { mode: 0o600 })
  return list
}
