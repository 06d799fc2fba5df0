// Douglas Crockford's base 32 (https://www.crockford.com/base32.html): no I, L,
// O, U, so that a hand-written or printed code is read one way only.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Returns the bytes in base 32, in groups of four characters joined by hyphens. */
export function encodeCrockford(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
      held &= (1 << bits) - 1
    }
  }
  if (bits > 0) text += alphabet[(held << (5 - bits)) & 31]
  return text.match(/.{1,4}/g)?.join('-') ?? ''
}

/**
 * Returns the bytes of a typed code, or null if it is none. Forgives case, blanks, hyphens, full-width letters of a Chinese input method,
 * O for 0 and I or L for 1. Left-over bits must be zero, so that one value has one spelling.
 */
export function decodeCrockford(text: string): Buffer | null {
  const letters = text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}_.,]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of letters) {
    const value = alphabet.indexOf(letter)
    if (value < 0) return null
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push(held >> bits)
      held &= (1 << bits) - 1
    }
  }
  return bits < 5 && held === 0 ? Buffer.from(bytes) : null
}
