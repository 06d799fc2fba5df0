import { cutCodePoints } from '../../../domain/text/normalise.ts'

// A JSON parser that guards against prototype pollution refuses a mapping with this key, and nobody's column needs it.
const isUnusable = (text: string): boolean => text === '' || text === '__proto__'

/** Returns a distinct name per column: its header, or its place where there is none or the first row is data; repeated ones are numbered. */
export const columnNames = (header: readonly string[], headerIsData: boolean): string[] => {
  const seen = new Map<string, number>()
  return header.map((text, i) => {
    const name = headerIsData || isUnusable(text.trim()) ? `#${i + 1}` : cutCodePoints(text.trim(), 100)
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}
