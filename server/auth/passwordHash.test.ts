import { expect, test } from 'vitest'
import { limitConcurrency } from './limitConcurrency.ts'
import { hashPassword, verifyNobody, verifyPassword } from './passwordHash.ts'

test('a hash verifies its own password, in any Unicode form, and no other', async () => {
  const encoded = await hashPassword('café 静听 ﬁ')
  expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await verifyPassword('café 静听 fi', encoded)).toBe(true)
  expect(await verifyPassword('cafe 静听 fi', encoded)).toBe(false)
  expect(await verifyPassword('x', 'plain text')).toBe(false)
  expect(await verifyNobody('x')).toBe(false)
})

test('at most so many run at once, so many wait, and the rest are told to come back', async () => {
  const inTurn = limitConcurrency(2, 3)
  let running = 0
  let most = 0
  const gate = Promise.withResolvers<void>()
  const work = async () => {
    running += 1
    most = Math.max(most, running)
    await gate.promise
    running -= 1
  }
  const all = Array.from({ length: 7 }, () => inTurn(work))
  const settled = Promise.allSettled(all)
  gate.resolve()
  const results = (await settled).map((one) => one.status)
  expect(most).toBe(2)
  expect(results.filter((status) => status === 'rejected')).toHaveLength(2)
  await expect(inTurn(async () => 'after')).resolves.toBe('after')
})
