import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appendText, copyText, createRecordCursor, createTextColumn, readText, recordStart, trimColumn } from './textColumn.ts'

const value = fc.oneof(
  fc.constantFrom('', '沈知远', 'abc', '𠮷'),
  fc.constantFrom(253, 254, 255, 256, 600).map((length) => 'x'.repeat(length)),
)
const records = fc.array(fc.array(value, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 60 })

test('records come back as written, copied or trimmed, however long they are, and each byte is known to be theirs', () => {
  fc.assert(
    fc.property(records, (written) => {
      const column = createTextColumn(64)
      for (const values of written) appendText(column, values)
      const copy = createTextColumn(64)
      written.forEach((_, record) => copyText(copy, column, record))
      trimColumn(column)
      for (const one of [column, copy]) expect(written.map((_, record) => readText(one, record))).toEqual(written)
      const starts = written.map((_, record) => recordStart(column, record))
      const walking = createRecordCursor(column)
      starts.forEach((start, record) => expect(walking(start)).toBe(record))
      // Also when hits are far apart.
      starts.forEach((start, record) => expect(createRecordCursor(column)(start)).toBe(record))
    }),
  )
})
