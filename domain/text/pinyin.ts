import { pinyin, polyphonic } from 'pinyin-pro'
import { givenNameReadings, rareReadings } from './readings.ts'

/** Most readings of one name that are indexed: polyphones multiply, memory does not. */
const maxForms = 8

type Unit =
  | { kind: 'han'; char: string; syllable: string; others: string[] }
  | { kind: 'word'; text: string }
  | { kind: 'sign'; text: string }

/**
 * Returns what a name is found by when typed on a Latin keyboard: `full` ('shanxiaoyue danxiaoyue') and `initials` ('sxy dxy'), every
 * reading that matters, blank-separated, the likeliest first. Surnames are read as surnames (单 shan) and also as the common word (dan),
 * ü as v and as u. Latin words are lower-cased and lose their accents; signs, emoji and Han without a known reading are left out.
 */
export function pinyinForms(name: string): { full: string; initials: string } {
  const forms = readForms(name)
  return {
    full: [...new Set(forms.map((form) => form.full))].join(' '),
    initials: [...new Set(forms.map((form) => form.initials))].join(' '),
  }
}

/**
 * Returns both for the search index: `marked` is `full` with the first letter of each syllable or word in upper case ('ShanXiaoYue
 * DanXiaoYue'), so that a search may begin at any syllable and nowhere else.
 */
export function markedPinyin(name: string): { marked: string; initials: string } {
  const forms = readForms(name)
  return {
    marked: [...new Set(forms.map((form) => form.marked))].join(' '),
    initials: [...new Set(forms.map((form) => form.initials))].join(' '),
  }
}

function readForms(name: string): { full: string; marked: string; initials: string }[] {
  let forms = [{ full: '', marked: '', initials: '' }]
  for (const unit of readUnits(name)) {
    if (unit.kind === 'sign') continue
    const readings = unit.kind === 'word' ? [unit.text] : unit.syllable === '' ? [] : [unit.syllable, ...unit.others]
    if (readings.length === 0) continue
    const longer = readings.flatMap((reading) => {
      const initial = String.fromCodePoint(reading.codePointAt(0) ?? 32)
      const capital = initial.toUpperCase() + reading.slice(initial.length)
      return forms.map((form) => ({ full: form.full + reading, marked: form.marked + capital, initials: form.initials + initial }))
    })
    forms = longer.slice(0, maxForms)
  }
  return forms
}

/**
 * Returns a key whose binary order is that of a Chinese address book: digits, then A to Z with pinyin and Latin names interleaved, the same
 * surname together, then other scripts, then Han without a known reading, then signs. After each syllable stand its tone and the character.
 */
export function sortKey(name: string): string {
  let key = ''
  for (const unit of readUnits(name)) {
    if (unit.kind === 'word') key += `${unit.text} `
    else if (unit.kind === 'han') key += unit.syllable === '' ? `\uf000${unit.char}` : `${unit.syllable}${toneOf(unit.char)}${unit.char}`
  }
  return key === '' ? `\uf8ff${name}` : key
}

/** What one character is in any context, kept since names use few thousand characters: reading it once instead of a million times. */
const known = new Map<string, { syllable: string; tone: string; single: boolean }>()

function readUnits(name: string): Unit[] {
  const units: Unit[] = []
  for (const part of name
    .normalize('NFKC')
    .matchAll(/\p{Script=Han}+|[\p{L}\p{N}\p{M}'’]+?(?=\p{Script=Han}|[^\p{L}\p{N}\p{M}'’]|$)|./gsu)) {
    const text = part[0]
    if (/^\p{Script=Han}/u.test(text))
      pushHan(
        units,
        text,
        units.every((unit) => unit.kind === 'sign'),
      )
    else if (/[\p{L}\p{N}]/u.test(text)) units.push({ kind: 'word', text: foldLatin(text) })
    else if (text.trim() !== '') units.push({ kind: 'sign', text })
  }
  return units
}

function pushHan(units: Unit[], text: string, atHead: boolean): void {
  const chars = [...text]
  const facts = chars.map(lookUp)
  // Only a run with a polyphone in it needs the dictionary of words and surnames; the others are three map look-ups.
  const syllables = facts.every((fact) => fact.single) ? null : readInContext(text, atHead)
  chars.forEach((char, i) => {
    const common = facts[i]?.syllable ?? ''
    const syllable = syllables && syllables.length === chars.length && common !== '' ? syllables[i] || common : common
    const others = new Set<string>(givenNameReadings.get(char) ?? [])
    if (atHead && i < 2) others.add(common)
    for (const reading of [syllable, ...others]) if (reading.includes('v')) others.add(reading.replace('v', 'u'))
    others.delete(syllable)
    others.delete('')
    units.push({ kind: 'han', char, syllable, others: [...others] })
  })
}

function readInContext(text: string, atHead: boolean): string[] {
  const options = { toneType: 'none', type: 'array', v: true } as const
  const syllables = atHead ? pinyin(text, { ...options, mode: 'surname', surname: 'head' }) : pinyin(text, options)
  return syllables.map((syllable) => (/^[a-z]+$/.test(syllable) ? syllable : ''))
}

function lookUp(char: string): { syllable: string; tone: string; single: boolean } {
  const fact = known.get(char)
  if (fact) return fact
  const rare = rareReadings.get(char)
  const read = rare ?? pinyin(char, { toneType: 'num', v: true })
  const parts = /^([a-z]+)(\d?)$/.exec(read)
  const readings = polyphonic(char, { toneType: 'none', type: 'array' })[0] ?? []
  const found = { syllable: parts?.[1] ?? '', tone: parts?.[2] || '5', single: rare !== undefined || new Set(readings).size < 2 }
  // Han has some 100,000 characters: a bound that is never reached by names, only by an attack.
  if (known.size < 30_000) known.set(char, found)
  return found
}

function toneOf(char: string): string {
  return lookUp(char).tone
}

/** Letters that Unicode does not decompose but people type without their stroke. */
const strokes: Record<string, string> = { ß: 'ss', ø: 'o', đ: 'd', ł: 'l', æ: 'ae', œ: 'oe', þ: 'th', ð: 'd', ı: 'i' }

function foldLatin(word: string): string {
  const lower = word.toLowerCase()
  // oxlint-disable-next-line no-control-regex -- the fast path: plain ASCII
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower.replaceAll("'", '')
  // Only Latin loses its marks: in other scripts (Thai, Hindi) a mark is a letter of its own.
  const bare = lower
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
  return bare.replace(/[ßøđłæœþðı]/g, (letter) => strokes[letter] ?? letter).replace(/['’]/g, '')
}
