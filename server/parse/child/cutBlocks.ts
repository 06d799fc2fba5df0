/**
 * Yields the bytes again as blocks of at least `size` bytes (but the last) that end with a line, so that each can be decoded alone. A block
 * grows while a line has no end; the caller bounds it. `width` is 2 for UTF-16, and `low` the offset of the low byte in a unit.
 */
export async function* cutBlocks(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
  shape: () => { width: 1 | 2; low: 0 | 1 },
): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let held = 0
  let due = size
  for await (const part of bytes) {
    parts.push(part)
    held += part.length
    if (held < due) continue
    const all = Buffer.concat(parts, held)
    const { width, low } = shape()
    const cut = findCut(all, width, low)
    if (cut === 0 && all.length < size * 32) {
      parts = [all]
      due = all.length * 2
      continue
    }
    due = size
    const end = cut === 0 ? all.length : cut
    yield all.subarray(0, end)
    parts = end === all.length ? [] : [all.subarray(end)]
    held = all.length - end
  }
  if (held > 0) yield Buffer.concat(parts, held)
}

/**
 * Returns the offset after the last line end, 0 if there is none. A carriage return at the very end may be half of CR LF and does not
 * count.
 */
function findCut(all: Buffer, width: 1 | 2, low: 0 | 1): number {
  for (const end of [0x0a, 0x0d]) {
    for (let at = all.lastIndexOf(end); at > -1; at = at === 0 ? -1 : all.lastIndexOf(end, at - 1)) {
      if (width === 1) {
        if (end === 0x0a || at < all.length - 1) return at + 1
      } else if (at % 2 === low && all[at + (low ? -1 : 1)] === 0 && (end === 0x0a || at < all.length - 2)) {
        return at - low + 2
      }
    }
  }
  return 0
}
