import { normaliseEmail, splitEmails } from '../text/email.ts'
import { normalisePhone, splitPhones } from '../text/phone.ts'
import { lookUpHeader, type ImportField } from './headerWords.ts'

/**
 * What one column is taken for. `confidence` from 0 (no idea) to 1 (its header says so); `known` columns without a field are left out
 * on purpose.
 */
export type ColumnGuess = { column: number; header: string; field: ImportField | null; confidence: number; known: boolean }

/**
 * Returns a guess per column, by its header and, where that is unknown, by what stands in the first rows. `headerIsData` tells that the
 * file has no header: its first row holds a phone number or an e-mail address. At most one column is the name; of several addresses the
 * one most often filled.
 */
export function detectColumns(
  header: readonly string[],
  sample: readonly (readonly string[])[],
): { columns: ColumnGuess[]; headerIsData: boolean } {
  const headerIsData = header.some((cell) => isPhone(cell) || isEmail(cell))
  const rows = headerIsData ? [header, ...sample] : sample
  const groups: string[] = []
  const columns = header.map((text, column): ColumnGuess => {
    const cells = rows.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '')
    const known = headerIsData ? null : lookUpHeader(text)
    groups[column] = known?.group ?? ''
    if (known?.field === 'ignored') return { column, header: text, field: null, confidence: 1, known: true }
    if (known)
      return { column, header: text, field: known.field, confidence: confirm(known.field, cells) * (known.exact ? 1 : 0.9), known: true }
    const guess = guessByContent(cells)
    return { column, header: text, field: guess?.field ?? null, confidence: guess?.confidence ?? 0, known: false }
  })
  keepOneName(columns)
  keepOneAddress(columns, groups, rows)
  return { columns, headerIsData }
}

/** A header can be wrong: a phone column without a phone in it is less certain. */
function confirm(field: ImportField, cells: string[]): number {
  if (cells.length === 0) return 0.9
  if (field === 'phones') return share(cells, isPhone) > 0.2 ? 1 : 0.5
  if (field === 'emails') return share(cells, isEmail) > 0.2 ? 1 : 0.5
  return 1
}

function guessByContent(cells: string[]): { field: ImportField; confidence: number } | null {
  if (cells.length === 0) return null
  const shares: [ImportField, number][] = [
    ['phones', share(cells, isPhone)],
    ['emails', share(cells, isEmail)],
    ['address', share(cells, isAddress)],
    ['wechat', share(cells, (cell) => /^wxid_\w{6,}$/.test(cell))],
    ['name', share(cells, isName)],
  ]
  const best = shares.toSorted((a, b) => b[1] - a[1])[0]
  if (best && best[1] >= 0.6) return { field: best[0], confidence: Math.round(best[1] * 80) / 100 }
  const wordy = share(cells, (cell) => cell.length > 12 && /\p{Script=Han}/u.test(cell))
  return wordy >= 0.5 ? { field: 'notes', confidence: 0.3 } : null
}

/** Of several names the surest stays; further ones go to the notes, where nothing is lost. */
function keepOneName(columns: ColumnGuess[]): void {
  const names = columns
    .filter((guess) => guess.field === 'name')
    .toSorted((a, b) => Number(b.known) - Number(a.known) || b.confidence - a.confidence)
  const parted = columns.some((guess) => guess.field === 'familyName') && columns.some((guess) => guess.field === 'givenName')
  // 'Display Name' beside 'First Name' and 'Last Name' says the same again.
  if (names.length > 0 && parted)
    for (const guess of columns) if (guess.field === 'familyName' || guess.field === 'givenName') guess.field = null
  for (const guess of names.slice(1)) guess.field = guess.known ? 'notes' : null
}

/** A formatted address makes its parts needless; of home, business and other address the one most often filled is taken. */
function keepOneAddress(columns: ColumnGuess[], groups: string[], rows: readonly (readonly string[])[]): void {
  const addresses = columns.filter((guess) => guess.field === 'address')
  const filled = (column: number) => rows.filter((row) => (row[column] ?? '').trim() !== '').length
  const formatted = addresses.find((guess) => /formatted$/i.test(guess.header) && filled(guess.column) > 0)
  const western = addresses.filter((guess) => /^[a-z]+$/.test(groups[guess.column] ?? ''))
  const totals = new Map<string, number>()
  for (const guess of western) totals.set(groups[guess.column] ?? '', (totals.get(groups[guess.column] ?? '') ?? 0) + filled(guess.column))
  const chosen = [...totals].toSorted((a, b) => b[1] - a[1])[0]?.[0]
  for (const guess of addresses) {
    if (formatted ? guess !== formatted && /\d/.test(guess.header) : western.includes(guess) && groups[guess.column] !== chosen)
      guess.field = null
  }
}

function share(cells: string[], test: (cell: string) => boolean): number {
  return cells.filter(test).length / cells.length
}

function isPhone(cell: string): boolean {
  return cell.length < 100 && splitPhones(cell).some((piece) => 'e164' in normalisePhone(piece))
}

function isEmail(cell: string): boolean {
  return cell.includes('@') && splitEmails(cell).some((piece) => 'email' in normaliseEmail(piece))
}

function isAddress(cell: string): boolean {
  return cell.length >= 6 && (cell.match(/[省市区县镇路街道巷弄号栋幢座室苑园]/g)?.length ?? 0) >= 3
}

const surnames =
  /^(?:欧阳|上官|司马|诸葛|尉迟|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤])/

function isName(cell: string): boolean {
  return /^[\p{Script=Han}·]{2,4}$/u.test(cell) && (surnames.test(cell) || /(?:先生|女士|小姐|总)$/.test(cell))
}
