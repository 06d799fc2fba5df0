import { isUncachedFormula } from './uncachedFormula.ts'

/** The errors that Excel, WPS and Google Sheets write instead of a value (ISO/IEC 29500-1, 18.17.3, and those added since). */
const errors = /^#(?:NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|SPILL!|CALC!|BLOCKED!|UNKNOWN!|CONNECT!|FIELD!|GETTING_DATA|BUSY!|ERROR!)$/

/**
 * Returns why a cell's text is no value: an error, or a formula whose value the file does not hold; `empty` for #N/A, which says that there is none; null
 * for all else.
 */
export function cellFault(text: string): 'cell_error' | 'formula_uncached' | 'empty' | null {
  if (isUncachedFormula(text)) return 'formula_uncached'
  const first = text.charCodeAt(0)
  // Most cells are neither: a blank before the sign is nobody's.
  if (first !== 0x23) return null
  const trimmed = text.trim().toUpperCase()
  return trimmed === '#N/A' ? 'empty' : errors.test(trimmed) ? 'cell_error' : null
}
