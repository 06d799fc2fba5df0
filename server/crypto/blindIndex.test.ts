import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { blindToken } from './blindIndex.ts'

const key = createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, i) => 32 + i)))

// Computed with Python from the format in docs/crypto.md.
test('gives the token another implementation computed', () => {
  expect(blindToken(key, 'customer.phones', '+8613800138000').toString('hex')).toBe('5b4644897ad46f5256ff29bfe5acaf2a')
})

test('is the same for the same value, and differs by value, field and generation', () => {
  const token = blindToken(key, 'customer.phones', 'x')
  expect(token).toHaveLength(16)
  expect(blindToken(key, 'customer.phones', 'x')).toEqual(token)
  expect(blindToken(key, 'customer.phones', 'y')).not.toEqual(token)
  expect(blindToken(key, 'contact.phones', 'x')).not.toEqual(token)
  expect(blindToken(createSecretKey(randomBytes(32)), 'customer.phones', 'x')).not.toEqual(token)
})
