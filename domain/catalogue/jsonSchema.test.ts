import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from './all.ts'
import { checkInput, maxItems, type ProblemCode } from './check.ts'
import type { Entity } from './entity.ts'
import type { Field } from './field.ts'
import { inputSchema, patchSchema, viewSchema } from './jsonSchema.ts'

// Formats are notes for the reader: what binds is the pattern. Ajv is what Fastify validates with.
const ajv = new Ajv2020({ strict: true, formats: { 'idn-email': true, date: true, 'date-time': true, uuid: true } })
const entities: Entity[] = Object.values(catalogue)

// A schema cannot say which days a calendar has, nor the whole grammar of an e-mail address.
const beyondSchema: ProblemCode[] = ['bad_email', 'bad_date', 'bad_timestamp']

const likely = (field: Field): fc.Arbitrary<unknown> => {
  const strings = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: Math.min(field.max + 2, 120) }),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom('', ' ', '王••••', '\n', 'a\tb', '\ud842', '𠮷'.repeat(field.max), 'x'.repeat(field.max + 1), '\u202e', '\u0085'),
    fc.constantFrom('+8613800138000', '+1', 'a@b.cn', '2026-02-28', '2026-01-01T00:00:00.000Z', ...Object.keys(field.values ?? {})),
    fc.uuid(),
  )
  const one = fc.oneof({ weight: 8, arbitrary: strings }, fc.constantFrom<unknown>(null, true, 3, 3.5, 2 ** 60, {}, []))
  return fc.oneof(
    { weight: field.many ? 1 : 8, arbitrary: one },
    { weight: field.many ? 8 : 1, arbitrary: fc.array(one, { maxLength: 3 }) },
  )
}

const inputs = (entity: Entity): fc.Arbitrary<unknown> => {
  const fields = Object.fromEntries(Object.entries(entity.fields).map(([name, field]) => [name, likely(field)]))
  return fc.oneof(
    { weight: 12, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    fc.record({ ...fields, other: fc.anything() }),
    fc.anything(),
  )
}

/** A small valid value of each kind, so that one wrong field at a time is what decides. */
const valid = (field: Field): unknown => {
  const one = {
    text: '王',
    longText: '王',
    address: '上海市静安区',
    phone: '+8613800138000',
    email: 'a@b.cn',
    date: '2026-02-28',
    timestamp: '2026-01-01T00:00:00.000Z',
  }
  const values: Partial<Record<Field['kind'], unknown>> = {
    ...one,
    ref: '0190a0b0-0000-7000-8000-000000000001',
    choice: Object.keys(field.values ?? {})[0],
    integer: 1,
    flag: true,
  }
  return field.many ? [values[field.kind]] : values[field.kind]
}

for (const entity of entities) {
  const whole = Object.fromEntries(Object.entries(entity.fields).map(([name, field]) => [name, valid(field)]))

  for (const [mode, schema] of [
    ['create', inputSchema(entity)],
    ['update', patchSchema(entity)],
  ] as const) {
    test(`schema and check agree on the structure of ${entity.name}, ${mode}`, () => {
      const accepts = ajv.compile(schema)
      const agree = (input: unknown) => {
        const problems = checkInput(entity, input, mode).problems ?? []
        const structural = problems.filter((found) => !beyondSchema.includes(found.problem))
        if (problems.length === 0) expect(accepts(input), JSON.stringify(accepts.errors)).toBe(true)
        if (structural.length > 0) expect(accepts(input), JSON.stringify(structural)).toBe(false)
      }
      agree(whole)
      expect(accepts(whole)).toBe(true)
      fc.assert(fc.property(inputs(entity), agree), { numRuns: 150 })
      for (const [name, field] of Object.entries(entity.fields)) {
        fc.assert(
          fc.property(likely(field), (value) => agree({ ...whole, [name]: value })),
          { numRuns: 50 },
        )
        agree(Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)))
        if (field.many)
          for (const length of [maxItems, maxItems + 1])
            agree({ ...whole, [name]: Array.from({ length }, () => (valid(field) as unknown[])[0]) })
      }
    })
  }

  test(`the view schema of ${entity.name} compiles, names every sendable field, and no secret`, () => {
    const schema = viewSchema(entity)
    ajv.compile(schema)
    for (const [name, field] of Object.entries(entity.fields))
      expect(Object.hasOwn(schema.properties ?? {}, name)).toBe(field.class !== 'secret')
  })
}
