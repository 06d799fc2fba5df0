// Bech32 (BIP 173) as age uses it for native X25519 identities (https://age-encryption.org/v1, "The X25519 recipient type").
// Needed because Shamir shares must be typed by hand: of the 32 bytes a share has 72 characters, of the text it would have over 130.
const charset = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const prefix = 'age-secret-key-'
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

function checksumOf(words: readonly number[]): number {
  const expanded = [...prefix]
    .map((c) => c.charCodeAt(0) >> 5)
    .concat(
      0,
      [...prefix].map((c) => c.charCodeAt(0) & 31),
      words,
    )
  let sum = 1
  for (const word of expanded) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ word
    generators.forEach((generator, i) => {
      if ((top >> i) & 1) sum ^= generator
    })
  }
  return sum
}

function regroup(values: Iterable<number>, from: number, to: number): number[] {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (const value of values) {
    held = (held << from) | value
    bits += from
    while (bits >= to) {
      bits -= to
      out.push((held >> bits) & ((1 << to) - 1))
      held &= (1 << bits) - 1
    }
  }
  if (to === 5 && bits > 0) out.push((held << (5 - bits)) & 31)
  return out
}

/** Returns the text `AGE-SECRET-KEY-1…` of a 32-byte X25519 secret, which the stock `age` tool takes with -i. */
export function formatAgeIdentity(secret: Uint8Array): string {
  const words = regroup(secret, 8, 5)
  const sum = checksumOf([...words, 0, 0, 0, 0, 0, 0]) ^ 1
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (sum >> shift) & 31)
  return `${prefix}1${[...words, ...check].map((word) => charset[word]).join('')}`.toUpperCase()
}

/** Returns the 32-byte secret of `AGE-SECRET-KEY-1…`, or null if the text is not one (wrong prefix, letter, length or checksum). */
export function parseAgeIdentity(text: string): Buffer | null {
  const lower = text.trim().toLowerCase()
  if (!lower.startsWith(`${prefix}1`)) return null
  const words = Array.from(lower.slice(prefix.length + 1), (letter) => charset.indexOf(letter))
  if (words.length !== 58 || words.includes(-1) || checksumOf(words) !== 1) return null
  return Buffer.from(regroup(words.slice(0, -6), 5, 8))
}
