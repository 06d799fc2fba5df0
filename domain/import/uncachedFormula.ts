// No text of a spreadsheet begins with this character: XML cannot hold it.
const mark = '\u0001='

/** Returns the text that stands for a formula whose value the file does not hold. */
export const uncachedFormula = (formula: string): string => `${mark}${formula}`

/** Whether a cell's text stands for such a formula. */
export const isUncachedFormula = (text: string): boolean => text.startsWith(mark)

/** Returns a cell's text as people read it: such a formula as it is written in a spreadsheet. */
export const readableCell = (text: string): string => (isUncachedFormula(text) ? text.slice(1) : text)
