const strokes: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', đ: 'd', ł: 'l', æ: 'ae', œ: 'oe', þ: 'th', ð: 'd', ı: 'i' }
// oxlint-disable-next-line no-control-regex -- the fast path: ASCII and the common Han block need only lower case
const simple = /^[\u0000-\u007f\u3400-\u9fff]*$/
// Dots and apostrophes inside names (阿不都·买买提, O'Brien, xi'an): people type them or leave them out.
const nameMarks = /['’‘`´·•・‧∙]/g
// oxlint-disable-next-line no-control-regex -- control characters separate values and records in the index, so a value must not hold one
const blanks = /[\s\u0000-\u001f\u007f]+/g
const blankInHan = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu

/**
 * Returns the form in which texts and search words are compared: lower case, full-width folded (NFKC, UAX #15), Latin letters without
 * diacritics, no dots or apostrophes inside names, blanks single and none between Han characters. Never holds a control character.
 */
export function foldText(text: string): string {
  const lower = simple.test(text) ? text.toLowerCase() : foldLetters(text)
  return lower.replace(nameMarks, '').replace(blanks, ' ').replace(blankInHan, '').trim()
}

function foldLetters(text: string): string {
  // Only Latin loses its marks: in other scripts (Thai, Hindi) a mark is a letter of its own.
  const bare = text
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
  return bare.replace(/[ßøđłæœþðı]/g, (letter) => strokes[letter] ?? letter)
}
