import pg from 'pg'

// Object ids of built-in types (PostgreSQL, pg_type.dat).
const INT8 = 20
const INT8_ARRAY = 1016
const DATE = 1082
const TIMESTAMPTZ = 1184

/** `2026-01-02 03:04:05.67+00` (the session is in UTC, zeros at the end are left out) as ISO 8601 with milliseconds. */
const instant = (text: string): string => {
  const fraction = text[19] === '.' ? text.slice(20, -3) : ''
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}

const own = new Map<number, (text: string) => unknown>([
  [INT8, Number],
  // The driver's own parser leaves the elements text, and text adds up to nonsense without an error.
  [INT8_ARRAY, (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number))],
  [DATE, (text) => text],
  [TIMESTAMPTZ, instant],
])

/** How values come out of the driver: instants and days as ISO 8601 text, bigint as number (ids and counts stay far below 2^53). */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' ? own.get(oid) : undefined) ?? pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig
