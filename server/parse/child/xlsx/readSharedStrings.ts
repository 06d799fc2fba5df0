import { parseLimits } from '../../limits.ts'
import { refuseWorkbook } from './openArchive.ts'
import { openStringSink } from './stringSink.ts'
import { readWholeXml } from './readXml.ts'

/** Returns the strings that cells refer to by number (ISO/IEC 29500-1, 18.4.9). Throws FileFailure `workbook_too_large`, `workbook_damaged`. */
export async function readSharedStrings(bytes: AsyncIterable<Buffer>): Promise<string[]> {
  const strings: string[] = []
  let size = 0
  const item = openStringSink()
  await readWholeXml(bytes, {
    open: (name) => {
      if (name === 'si') item.begin()
      else item.open(name)
    },
    close: (name) => {
      if (name !== 'si') return item.close(name)
      const text = item.end()
      strings.push(text)
      size += text.length
      if (size > parseLimits.strings || strings.length > parseLimits.stringCount) throw refuseWorkbook('workbook_too_large')
    },
    text: item.text,
  })
  return strings
}
