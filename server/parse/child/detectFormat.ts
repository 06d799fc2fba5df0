import type { Format } from '../events.ts'

/** Returns a file's format by its first bytes: ZIP and Compound File are workbooks (or none, which their reader says), BEGIN:VCARD is a card, all else a table. */
export function detectFormat(head: Buffer): Format {
  const magic = head.toString('latin1', 0, 4)
  if (magic === 'PK\x03\x04' || magic === '\xd0\xcf\x11\xe0') return 'xlsx'
  // Byte order marks, and the noughts of UTF-16, are no text.
  const text = head.toString('latin1').replace(/[\0\xef\xbb\xbf\xff\xfe]/g, '')
  return /^\s*BEGIN:VCARD/i.test(text) ? 'vcard' : 'csv'
}
