// Douglas Crockford's base 32: no I, L, O, U, so that a printed code is read one way only.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Characters of a share (docs/crypto.md): format, kit id, threshold and total, index, share, checksum: 45 bytes. */
export const shareLength = 72

export type ShareState =
  | { kind: 'empty' }
  | { kind: 'partial'; typed: number }
  | { kind: 'bad_character'; character: string }
  | { kind: 'wrong' }
  | { kind: 'right'; kitId: string; index: number; threshold: number; total: number }

/** Returns what was typed without blanks and hyphens, in capitals, with O, I and L read as the digits they look like. */
export const tidyShare = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}_.,]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')

const decode = (letters: string): Uint8Array<ArrayBuffer> => {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of letters) {
    held = (held << 5) | alphabet.indexOf(letter)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 255)
      held &= (1 << bits) - 1
    }
  }
  return new Uint8Array(bytes)
}

const checksumHolds = async (bytes: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  const prefix = new TextEncoder().encode('anechoic/share/1')
  const body = bytes.subarray(0, -4)
  const input = new Uint8Array(prefix.length + body.length)
  input.set(prefix)
  input.set(body, prefix.length)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', input))
  return bytes.subarray(-4).every((byte, i) => byte === digest[i])
}

/** Reads a share as it is being typed: how far it is, or whether its own checksum (the first four bytes of SHA-256) holds. Nothing leaves the browser. */
export const readShare = async (text: string): Promise<ShareState> => {
  const letters = tidyShare(text)
  if (letters === '') return { kind: 'empty' }
  const strange = Array.from(letters).find((letter) => !alphabet.includes(letter))
  if (strange) return { kind: 'bad_character', character: strange }
  if (letters.length < shareLength) return { kind: 'partial', typed: letters.length }
  if (letters.length > shareLength) return { kind: 'wrong' }
  const bytes = decode(letters)
  if (!(await checksumHolds(bytes))) return { kind: 'wrong' }
  const counts = bytes[6] ?? 0
  return {
    kind: 'right',
    kitId: Array.from(bytes.subarray(1, 6)).join('.'),
    index: bytes[7] ?? 0,
    threshold: counts >> 4,
    total: counts & 15,
  }
}
