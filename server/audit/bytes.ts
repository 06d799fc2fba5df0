/** Writes the compact forms an audit leaf is made of. Numbers are unsigned LEB128 (as in DWARF 5, 7.6), strings UTF-8 after their length. */
export const byteWriter = (size = 256) => {
  let buffer = Buffer.allocUnsafe(size)
  let at = 0
  const need = (more: number): void => {
    if (at + more <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + more))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  const number = (value: number): void => {
    need(8)
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 128
    buffer[at++] = rest
  }
  const bytes = (value: Uint8Array): void => {
    need(value.length)
    buffer.set(value, at)
    at += value.length
  }
  const text = (value: string): void => {
    const encoded = Buffer.from(value, 'utf8')
    number(encoded.length)
    bytes(encoded)
  }
  const uuid = (value: string): void => bytes(Buffer.from(value.replaceAll('-', ''), 'hex'))
  return { number, bytes, text, uuid, end: (): Buffer => buffer.subarray(0, at) }
}

/** Reads what `byteWriter` wrote. Throws RangeError where the bytes end too early. */
export const byteReader = (source: Uint8Array) => {
  const buffer = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  let at = 0
  const bytes = (length: number): Buffer => {
    if (length > buffer.length - at) throw new RangeError('audit leaf ends too early')
    at += length
    return buffer.subarray(at - length, at)
  }
  const number = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes(1)[0]!
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }
  const text = (): string => bytes(number()).toString('utf8')
  const uuid = (): string => {
    const hex = bytes(16).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
  return { number, bytes, text, uuid, ended: () => at === buffer.length }
}
