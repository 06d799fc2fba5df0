import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPhone, lastFour, normalisePhone, splitPhones } from './phone.ts'

test.each([
  ['13812345678', '+8613812345678'],
  ['+86 138 1234 5678', '+8613812345678'],
  ['0086-138-1234-5678', '+8613812345678'],
  ['8613812345678', '+8613812345678'],
  ['(+86)13812345678', '+8613812345678'],
  ['１３８１２３４５６７８', '+8613812345678'],
  ['013812345678', '+8613812345678'],
  ['手机：138 1234 5678', '+8613812345678'],
  ['="13812345678"', '+8613812345678'],
  ["'13812345678", '+8613812345678'],
  ['13812345678.0', '+8613812345678'],
  ['19912345678', '+8619912345678'],
  ['138－1234－5678', '+8613812345678'],
  ['010-62345678', '+861062345678'],
  ['(010) 6234 5678', '+861062345678'],
  ['0755 83456789', '+8675583456789'],
  ['+86-755-83456789', '+8675583456789'],
  ['+86 (0)755 83456789', '+8675583456789'],
  ['0571-87654321', '+8657187654321'],
  ['400-820-8820', '+864008208820'],
  ['4008208820', '+864008208820'],
  ['+852 9123 4567', '+85291234567'],
  ['852-91234567', '+85291234567'],
  ['00853 6612 3456', '+85366123456'],
  ['+886 912 345 678', '+886912345678'],
  ['tel:+1-418-656-9254', '+14186569254'],
])('%s is %s', (input, e164) => expect(normalisePhone(input)).toEqual({ e164 }))

test('an extension is kept apart', () => {
  expect(normalisePhone('010-62345678转801')).toEqual({ e164: '+861062345678', extension: '801' })
  expect(normalisePhone('tel:+1-418-656-9254;ext=102')).toEqual({ e164: '+14186569254', extension: '102' })
})

test.each([
  ['', 'empty'],
  [' \u3000', 'empty'],
  ['1.38E+10', 'scientific'],
  ['1.38001380e10', 'scientific'],
  ['1E+10', 'scientific'],
  ['62345678', 'area_code_missing'],
  ['12345', 'too_short'],
  ['1381234567', 'not_a_phone'],
  ['138123456789', 'too_long'],
  ['没有', 'not_a_phone'],
  ['BusinessPhone', 'not_a_phone'],
  ['13812345678(妻)', 'not_a_phone'],
  ['110101199003072316', 'too_long'],
])('%s is refused: %s', (input, problem) => expect(normalisePhone(input)).toEqual({ problem }))

test.each([
  ['13812345678、13987654321', ['13812345678', '13987654321']],
  ['13812345678/13987654321', ['13812345678', '13987654321']],
  ['138 1234 5678', ['138 1234 5678']],
  ['138 1234 5678 139 8765 4321', ['138 1234 5678', '139 8765 4321']],
  ['13812345678\n010-62345678；', ['13812345678', '010-62345678']],
  ['010-62345678/62345679', ['010-62345678', '010-62345679']],
  ['13812345678 老婆', ['13812345678 老婆']],
  ['+1-418-656-9254;ext=102;13812345678', ['+1-418-656-9254转102', '13812345678']],
  ['', []],
  [' , ', []],
])('%j holds %j', (cell, pieces) => expect(splitPhones(cell)).toEqual(pieces))

test('numbers are shown as people read them', () => {
  expect(formatPhone('+8613812345678')).toBe('138 1234 5678')
  expect(formatPhone('+861062345678')).toBe('010 6234 5678')
  expect(formatPhone('+864008208820')).toBe('400 820 8820')
  expect(formatPhone('+85291234567')).toBe('+852 9123 4567')
  expect(lastFour('+8613812345678')).toBe('5678')
})

test('what is shown is read back as the same number, whatever is typed nothing crashes', () => {
  fc.assert(
    fc.property(fc.constantFrom('13', '15', '18', '19'), fc.integer({ min: 0, max: 999_999_999 }), (head, rest) => {
      const e164 = `+86${head}${String(rest).padStart(9, '0')}`
      expect(normalisePhone(formatPhone(e164))).toEqual({ e164 })
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const read = normalisePhone(text)
      if ('e164' in read) expect(read.e164).toMatch(/^\+\d{6,15}$/)
      splitPhones(text)
    }),
  )
})
