import type { Row } from '../catalogue/entity.ts'
import { maxItems } from '../catalogue/check.ts'
import type { customer } from '../crm/customer.ts'
import { countCodePoints, normaliseText } from '../text/normalise.ts'
import type { ImportedCustomer } from './customerInput.ts'

/**
 * What becomes of a row about somebody who is known already. `skip`: nothing. `merge`: what is empty is filled, lists get what they lack. `update`: the file
 * is right where it says something; lists still lose nothing. `create`: they are not looked for.
 */
export const duplicateWays = ['skip', 'merge', 'update', 'create'] as const
export type DuplicateWay = (typeof duplicateWays)[number]

type Lists = 'phones' | 'emails' | 'wechatIds' | 'addresses' | 'tags'
/** The fields that an import may bring to a known customer. Store and owner stay: a hand-over is a right of its own. */
export type Known = Readonly<Pick<Row<typeof customer>, Lists | 'name' | 'notes' | 'source' | 'basis' | 'referrerId'>>
type Patch = { -readonly [K in keyof Known]?: Known[K] }
type Incoming = Pick<ImportedCustomer, Lists | 'name' | 'notes' | 'source' | 'basis'> & { referrerId?: string | null }

const lists: readonly Lists[] = ['phones', 'emails', 'wechatIds', 'addresses', 'tags']
const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s/g, '')

const joined = (first: readonly string[], then: readonly string[]): string[] => {
  const seen = new Set<string>()
  return [...first, ...then]
    .filter((text) => {
      const folded = fold(text)
      if (seen.has(folded)) return false
      seen.add(folded)
      return true
    })
    .slice(0, maxItems)
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((text, i) => text === b[i])

/** Returns the notes with the line added, unless it stands there already or there is no room for it. */
const withLine = (notes: string | null, line: string | null, most: number): string | null => {
  if (line === null || line === '' || (notes !== null && fold(notes).includes(fold(line)))) return notes
  const whole = normaliseText(notes === null ? line : `${notes}\n${line}`)
  return countCodePoints(whole) > most ? notes : whole
}

/** Returns what of the known customer changes by the row; an empty object when it says nothing new. `notesMax`: code points that notes may have. */
export const mergeImported = (known: Known, row: Incoming, way: 'merge' | 'update', notesMax: number): Patch => {
  const patch: Patch = {}
  for (const field of lists) {
    const next = way === 'update' ? joined(row[field], known[field]) : joined(known[field], row[field])
    if (!isSame(next, known[field])) patch[field] = next
  }
  const otherName = fold(row.name) !== fold(known.name)
  if (way === 'update' && row.name !== known.name) patch.name = row.name
  // One number, two names: a couple, or a firm and its buyer. The one who is known keeps theirs, the other is not lost.
  const named = way === 'merge' && otherName ? withLine(known.notes, `导入的姓名: ${row.name}`, notesMax) : known.notes
  const notes = withLine(named, row.notes, notesMax)
  if (notes !== known.notes) patch.notes = notes
  for (const field of ['source', 'basis', 'referrerId'] as const) {
    const said = row[field] ?? null
    if (said !== null && said !== known[field] && (way === 'update' || known[field] === null)) Object.assign(patch, { [field]: said })
  }
  return patch
}
