import { strToU8, zipSync, type Zippable } from 'fflate'

/** A cell: a text (inline), a number, a boolean, nothing, or the XML of an element `c` with `REF` where its place belongs. */
export type Cell = string | number | boolean | null | { xml: string }
/** A sheet as rows from the first on; `rows` may be given by number (from 1) too, the ones between are left out. */
export type SheetOf = { name: string; rows: Cell[][] | Record<number, Cell[]>; hidden?: boolean; tail?: string }

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Returns the letters of a column counted from 0. */
const letters = (column: number): string =>
  (column >= 26 ? letters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))

/** Returns a formula cell, with the value it last had, if any. */
export const formula = (text: string, value?: string | number): Cell => ({
  xml: `<c r="REF"${typeof value === 'string' ? ' t="str"' : ''}><f>${escape(text)}</f>${value === undefined ? '' : `<v>${escape(String(value))}</v>`}</c>`,
})

/** Returns an error cell (#N/A and its kin). */
export const errorCell = (text: string): Cell => ({ xml: `<c r="REF" t="e"><v>${text}</v></c>` })

/** Returns a number shown in one of the styles of `makeWorkbook`: 1 a date, 2 date and time of one's own format, 3 eleven digits, 4 scientific. */
export const styled = (value: number, style: 1 | 2 | 3 | 4): Cell => ({ xml: `<c r="REF" s="${style}"><v>${value}</v></c>` })

/** Returns a cell that refers to a shared string. */
export const shared = (index: number): Cell => ({ xml: `<c r="REF" t="s"><v>${index}</v></c>` })

const cellXml = (cell: Cell, ref: string): string => {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c r="${ref}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${ref}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'object') return cell.xml.replace('REF', ref)
  return `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relations = (list: [string, string][]): string =>
  `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${office}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`

/** Returns the XML of a sheet. */
export const sheetXml = ({ rows, tail = '' }: Pick<SheetOf, 'rows' | 'tail'>): string => {
  const numbered = Array.isArray(rows) ? rows.map((cells, i) => [i + 1, cells] as const) : Object.entries(rows)
  const body = numbered
    .map(([n, cells]) => `<row r="${n}">${cells.map((cell, i) => cellXml(cell, `${letters(i)}${n}`)).join('')}</row>`)
    .join('')
  return `${declaration}<worksheet xmlns="${main}"><sheetData>${body}</sheetData>${tail}</worksheet>`
}

/**
 * Returns the bytes of an Excel workbook, parts laid out as Excel does. `strings` are the XML of shared string items; `parts` adds to the archive or
 * replaces what stands there.
 */
export const makeWorkbook = (
  sheets: SheetOf[],
  {
    date1904 = false,
    strings = [],
    parts = {},
  }: { date1904?: boolean; strings?: string[]; parts?: Record<string, string | Uint8Array> } = {},
): Buffer => {
  const files: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, hidden }, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"${hidden ? ' state="hidden"' : ''}/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, i): [string, string] => ['worksheet', `worksheets/sheet${i + 1}.xml`]),
      ['styles', 'styles.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ]),
    'xl/styles.xml': `${declaration}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; h:mm"/><numFmt numFmtId="165" formatCode="00000000000"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="11"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${declaration}<sst xmlns="${main}" count="${strings.length}" uniqueCount="${strings.length}">${strings.map((item) => `<si>${item}</si>`).join('')}</sst>`,
    ...Object.fromEntries(sheets.map((sheet, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet)])),
    ...parts,
  }
  const zippable: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content]),
  )
  return Buffer.from(zipSync(zippable))
}
