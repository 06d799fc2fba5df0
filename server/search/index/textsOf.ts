import { markedPinyin } from '../../../domain/text/pinyin.ts'
import { foldText } from '../../../domain/text/foldText.ts'
import { columnsOf, type SearchField } from './searchFields.ts'
import { encodeSyllables } from './syllables.ts'

const han = /\p{Script=Han}/u
const everyHan = /\p{Script=Han}/gu

/**
 * Returns digits in reverse. Phones stand so in the index: the last four, which are asked for most, then stand first, where a search need not try
 * each of the many 8s and 1s that numbers begin with.
 */
export const backwards = (digits: string): string => [...digits].reverse().join('')

/** One of those below a record, as the index takes it. */
export type Below = { readonly id: string } & { readonly [field: string]: unknown }

type Texts = Readonly<Record<string, unknown>> & { readonly below?: readonly Below[] }

/**
 * Returns for each column of the index the folded values of a record, in the order of the fields (see columnsOf). Of those below it all stand in one value,
 * one after the other; a last column, where there are such fields, holds their ids in the same order.
 */
export function textsOf(fields: readonly SearchField[], record: Texts): string[][] {
  const below = record.below ?? []
  const columns = fields.flatMap((field) => {
    if (!field.below) return fieldTexts(field, record[field.name])
    const name = field.name.slice(field.name.indexOf('.') + 1)
    const each = below.map((one) => fieldTexts(field, one[name]))
    return Array.from({ length: columnsOf(field) }, (_, column) => joinParts(each.map((texts) => (texts[column] ?? []).join('\t'))))
  })
  return fields.some((field) => field.below) ? [...columns, joinParts(below.map(({ id }) => id.replaceAll('-', '')))] : columns
}

const joinParts = (parts: readonly string[]): string[] => (parts.length === 0 ? [] : [parts.join('\b')])

function fieldTexts(field: SearchField, value: unknown): string[][] {
  const values = valuesOf(value)
  if (field.how === 'phone') return [values.map((one) => backwards(one.replace(/\D/g, ''))).filter((digits) => digits !== '')]
  const folded = values.map(foldText).filter((text) => text !== '')
  if (field.how === 'text') return [folded]
  // A name without Han is found by its letters; a second copy of them as pinyin would only cost room.
  const readings = folded
    .filter((text) => han.test(text))
    .map((text) => ({ ...markedPinyin(text), mixed: /[\p{L}\p{N}]/u.test(text.replace(everyHan, '')) }))
  const marked = (mixed: boolean): string[] =>
    wordsOf(readings.filter((reading) => reading.mixed === mixed).map((reading) => reading.marked))
  return [folded, marked(false).map(encodeSyllables), wordsOf(readings.map((reading) => reading.initials)), marked(true)]
}

function valuesOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value]
  return values.filter((one): one is string => typeof one === 'string')
}

function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(' ')).filter((word) => word !== '')
}
