import { markedPinyin } from '../../../domain/text/pinyin.ts'
import { foldText } from '../../../domain/text/foldText.ts'
import type { SearchField } from './searchFields.ts'

const han = /\p{Script=Han}/u
const everyHan = /\p{Script=Han}/gu

/**
 * Returns digits in reverse. Phones stand so in the index: the last four, which are asked for most, then stand first, where a search need not try
 * each of the many 8s and 1s that numbers begin with.
 */
export const backwards = (digits: string): string => [...digits].reverse().join('')

/** Returns for each column of the index the folded values of a record, in the order of the fields (see columnsOf). */
export function textsOf(fields: readonly SearchField[], record: Readonly<Record<string, unknown>>): string[][] {
  return fields.flatMap((field) => {
    const values = valuesOf(record[field.name])
    if (field.how === 'phone') return [values.map((value) => backwards(value.replace(/\D/g, ''))).filter((digits) => digits !== '')]
    const folded = values.map(foldText).filter((text) => text !== '')
    if (field.how === 'text') return [folded]
    // A name without Han is found by its letters; a second copy of them as pinyin would only cost room.
    const readings = folded
      .filter((text) => han.test(text))
      .map((text) => ({ ...markedPinyin(text), mixed: /[\p{L}\p{N}]/u.test(text.replace(everyHan, '')) }))
    const marked = (mixed: boolean): string[] =>
      wordsOf(readings.filter((reading) => reading.mixed === mixed).map((reading) => reading.marked))
    return [folded, marked(false), wordsOf(readings.map((reading) => reading.initials)), marked(true)]
  })
}

function valuesOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.filter((one): one is string => typeof one === 'string')
}

function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(' ')).filter((word) => word !== '')
}
