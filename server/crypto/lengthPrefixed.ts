/**
 * Returns the parts joined, each after its length in bytes as u32 big-endian (strings as UTF-8).
 * Two different lists never give the same bytes, which plain joining does not promise ('ab','c' against 'a','bc').
 */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Buffer {
  let size = 0
  for (const part of parts) size += 4 + (typeof part === 'string' ? Buffer.byteLength(part) : part.length)
  const out = Buffer.allocUnsafe(size)
  let at = 0
  for (const part of parts) {
    const length = typeof part === 'string' ? out.write(part, at + 4) : part.length
    if (typeof part !== 'string') out.set(part, at + 4)
    out.writeUInt32BE(length, at)
    at += 4 + length
  }
  return out
}
