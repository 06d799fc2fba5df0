// What a spreadsheet takes for the beginning of a formula, or for what may lead to one: OWASP, CSV injection, with the full-width twins that an input
// method makes and some programs fold. Blanks and apostrophes before it are looked through.
const dangerous = /^(?:[\s']*[=+\-@＝＋－＠]|'*[\t\r\n])/u
const neutralised = /^'(?:[\s']*[=+\-@＝＋－＠]|'*[\t\r\n])/u

/** Returns the text of a cell with an apostrophe in front where a spreadsheet would calculate instead of show. `denature` takes it away again. */
export const neutralise = (text: string): string => (dangerous.test(text) ? `'${text}` : text)

/** Returns what a neutralised text was; any other text as it is. */
export const denature = (text: string): string => (neutralised.test(text) ? text.slice(1) : text)
