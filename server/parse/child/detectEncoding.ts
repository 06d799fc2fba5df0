import { isUtf8 } from 'node:buffer'
import type { Encoding } from '../events.ts'

/**
 * Returns the encoding of a file from its first bytes, or null when none fits: byte order mark, then the zeros of UTF-16, then strict
 * UTF-8, then a guess between GB18030, Big5, Shift_JIS, EUC-KR and Windows-1252. `sample` must contain a byte above 0x7F, else the
 * answer is UTF-8.
 */
export async function detectEncoding(sample: Uint8Array): Promise<Encoding | null> {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le'
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be'
  const zeros = countZeros(sample)
  if (zeros.odd > sample.length / 10 && zeros.even === 0) return 'utf-16le'
  if (zeros.even > sample.length / 10 && zeros.odd === 0) return 'utf-16be'
  if (isUtf8(trimToWholeUtf8(sample))) return 'utf-8'
  return guessLegacy(sample)
}

async function guessLegacy(sample: Uint8Array): Promise<Encoding | null> {
  // Loaded only here: a megabyte of tables that most files do not need.
  const { default: jschardet } = await import('jschardet')
  const text = Buffer.from(sample.buffer, sample.byteOffset, sample.byteLength)
  const { encoding, confidence } = jschardet.detect(text)
  const name = (encoding ?? '').toLowerCase()
  // In Chinese text high bytes come in pairs; in Western text they stand alone. Otherwise 'ül' of Müller would be read as one Han.
  const western = loneHighBytes(sample) > 0.8
  const guesses: Encoding[] = western ? ['windows-1252', 'gb18030'] : ['gb18030', 'big5', 'shift_jis', 'euc-kr']
  const named = ({ big5: 'big5', shift_jis: 'shift_jis', 'euc-kr': 'euc-kr' } as const)[name]
  if (named && confidence > 0.9 && !western) guesses.unshift(named)
  return guesses.find((guess) => decodes(sample, guess)) ?? null
}

function decodes(sample: Uint8Array, encoding: Encoding): boolean {
  try {
    // `stream`: the sample may end inside a character. Private-use characters mean that the table is the wrong one.
    const text = new TextDecoder(encoding, { fatal: true }).decode(sample, { stream: true })
    return !/[\ue000-\uf8ff\ufffd\u0080-\u009f]/.test(text)
  } catch {
    return false
  }
}

function loneHighBytes(sample: Uint8Array): number {
  let runs = 0
  let lone = 0
  for (let i = 0; i < sample.length; i++) {
    if ((sample[i] ?? 0) < 0x80) continue
    const from = i
    while ((sample[i + 1] ?? 0) >= 0x80) i++
    runs++
    if (i === from) lone++
  }
  return runs === 0 ? 0 : lone / runs
}

function countZeros(sample: Uint8Array): { even: number; odd: number } {
  const zeros = { even: 0, odd: 0 }
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2 ? 'odd' : 'even']++
  return zeros
}

/** Returns the sample without a character that its end cuts in two. */
function trimToWholeUtf8(sample: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= sample.length; back++) {
    const byte = sample[sample.length - back] ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? sample.subarray(0, -back) : sample
  }
  return sample
}
