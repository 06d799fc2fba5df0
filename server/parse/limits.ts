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
} as const
