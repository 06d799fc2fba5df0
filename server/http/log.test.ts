import { expect, test } from 'vitest'
import { openLog } from './log.ts'

const collect = () => {
  const lines: string[] = []
  return { lines, log: openLog({ write: (line: string) => void lines.push(line) }) }
}

test('a fault is logged by class, code and place, never by its message', () => {
  const { lines, log } = collect()
  log.fault('request', Object.assign(new TypeError('Key (phone)=(+8613912345678) exists'), { code: '23505' }), { requestId: 'r1' })
  const line = JSON.parse(lines[0]!) as Record<string, unknown>
  expect(line).toMatchObject({ event: 'request', error: 'TypeError', code: '23505', requestId: 'r1' })
  expect(lines[0]).not.toContain('139')
  expect((line['at'] as string[])[0]).toContain('log.test.ts')
})

test('a key that is not declared is dropped', () => {
  const { lines, log } = collect()
  log.info('request', { status: 200, ...({ url: '/api/customers?q=罗' } as object) })
  expect(JSON.parse(lines[0]!)).toMatchObject({ status: 200, event: 'request' })
  expect(lines[0]).not.toContain('罗')
})
