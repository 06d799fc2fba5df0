/** What the parser child accepts. Own choice: far above any address book seen, far below what would hurt the machine. */
export const parseLimits = {
  columns: 200,
  /** UTF-16 units in one cell. */
  cell: 10_000,
  /** Bytes of one row, one physical line, or one card without its pictures. */
  row: 1_000_000,
  /** Rows, and characters of cell text, in one batch. */
  batchRows: 500,
  batchText: 256_000,
  /** Bytes read before encoding and delimiter are decided. */
  sample: 65_536,
  /** Characters of one frame between child and parent. */
  frame: 8_000_000,
  /** Bytes of a workbook as it is packed, which is held in memory: a million rows of ten columns have about half of that. */
  workbook: 100 * 1024 * 1024,
  /** Parts of a workbook, and bytes of all of them together unpacked. */
  zipEntries: 5_000,
  unpacked: 2 * 1024 * 1024 * 1024,
  /** A part that unpacks to more than this many bytes, and to more than so many times its packed size, is a trap. */
  unpackedSurely: 32 * 1024 * 1024,
  shrunk: 200,
  /** UTF-16 units of all shared strings of a workbook together, and their number. */
  strings: 32_000_000,
  stringCount: 1_500_000,
} as const
