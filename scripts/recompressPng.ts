import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signatureBytes = 8

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** Returns the same picture in fewer bytes: browsers compress screenshots in a hurry. Keeps what draws it (PNG, ISO/IEC 15948) and drops the rest. */
export const recompressPng = (png: Buffer): Buffer => {
  const data: Buffer[] = []
  const kept: Buffer[] = []
  for (let at = signatureBytes; at < png.length;) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IDAT') data.push(body)
    else if (type === 'IHDR' || type === 'PLTE' || type === 'tRNS') kept.push(chunk(type, body))
    at += length + 12
  }
  const pixels = deflateSync(inflateSync(Buffer.concat(data)), { level: 9, memLevel: 9 })
  return Buffer.concat([png.subarray(0, signatureBytes), ...kept, chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}
