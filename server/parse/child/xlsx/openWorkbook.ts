import { type Archive, refuseWorkbook } from './openArchive.ts'
import { readFormats, type ValueFormat } from './readFormats.ts'
import { readSharedStrings } from './readSharedStrings.ts'
import { readWholeXml } from './readXml.ts'

/** A workbook's facts: its sheets in the order of their tabs, and what the values of cells are read with. */
export type Workbook = {
  sheets: { name: string; part: string; hidden: boolean }[]
  date1904: boolean
  strings: string[]
  formats: ValueFormat[]
}

type Relation = { type: string; part: string }

/**
 * Reads what stands around the sheets of a workbook (ISO/IEC 29500-1, 18.2). Throws FileFailure `is_binary_excel`, `is_zip` for archives that are no
 * workbook, `workbook_damaged`, `workbook_too_large`.
 */
export async function openWorkbook(archive: Archive): Promise<Workbook> {
  const root = archive.has('_rels/.rels') ? await readRelations(archive, '_rels/.rels', '') : new Map<string, Relation>()
  const main = [...root.values()].find(({ type }) => type === 'officeDocument')?.part ?? 'xl/workbook.xml'
  if (/\.bin$/i.test(main) || archive.has('xl/workbook.bin')) throw refuseWorkbook('is_binary_excel')
  if (!archive.has(main) || !/^\/?xl\//i.test(main)) throw refuseWorkbook('is_zip')
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const relationsPart = `${folder}_rels/${main.slice(folder.length)}.rels`
  if (!archive.has(relationsPart)) throw refuseWorkbook('workbook_damaged')
  const relations = await readRelations(archive, relationsPart, folder)
  const workbook: Workbook = { sheets: [], date1904: false, strings: [], formats: [] }
  await readWholeXml(archive.read(main), {
    open: (name, attributes) => {
      if (name === 'workbookPr') workbook.date1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '')
      if (name !== 'sheet') return
      const relation = relations.get(attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '')
      // Charts and dialogues have tabs too.
      if (relation?.type === 'worksheet' && archive.has(relation.part))
        workbook.sheets.push({
          name: (attributes['name'] ?? '').slice(0, 100),
          part: relation.part,
          hidden: (attributes['state'] ?? 'visible') !== 'visible',
        })
    },
  })
  const partOf = (type: string): string | undefined =>
    [...relations.values()].find((relation) => relation.type === type && archive.has(relation.part))?.part
  const strings = partOf('sharedStrings')
  const styles = partOf('styles')
  if (strings !== undefined) workbook.strings = await readSharedStrings(archive.read(strings))
  if (styles !== undefined) workbook.formats = await readFormats(archive.read(styles))
  if (workbook.sheets.length === 0) throw refuseWorkbook('empty')
  return workbook
}

/** Returns the relations of a part, by id: the last word of their type, and the part they lead to. */
async function readRelations(archive: Archive, part: string, folder: string): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>()
  await readWholeXml(archive.read(part), {
    open: (name, attributes) => {
      if (name !== 'Relationship' || attributes['TargetMode'] === 'External') return
      const target = attributes['Target'] ?? ''
      relations.set(attributes['Id'] ?? '', {
        type: (attributes['Type'] ?? '').split('/').at(-1) ?? '',
        part: target.startsWith('/') ? target.slice(1) : resolve(folder, target),
      })
    },
  })
  return relations
}

function resolve(folder: string, target: string): string {
  const parts: string[] = []
  for (const part of `${folder}${target}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}
