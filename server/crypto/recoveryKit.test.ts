import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAgeIdentity, parseAgeIdentity } from './ageIdentity.ts'
import { decodeCrockford, encodeCrockford } from './crockford.ts'
import { formatShare, kitIdOf, parseShare } from './kitShare.ts'
import { combineShares, createRecoveryKit, describeShare, proveKit } from './recoveryKit.ts'

const pick = (texts: string[], ...places: number[]) => places.map((place) => texts[place - 1] ?? '')

test('any three of five open the kit, in any order; so do all five', async () => {
  const kit = await createRecoveryKit({ shares: 5, threshold: 3 })
  expect(kit.shares).toHaveLength(5)
  for (const places of [
    [1, 2, 3],
    [5, 3, 1],
    [4, 2, 5],
    [1, 2, 3, 4, 5],
  ]) {
    expect(await identityToRecipient(await combineShares(pick(kit.shares, ...places)))).toBe(kit.recipient)
  }
  expect(kit.shares[0]).toMatch(/^([0-9A-Z]{4}-){17}[0-9A-Z]{4}$/)
  expect(describeShare(kit.shares[3] ?? '')).toEqual({ kitId: kit.kitId, index: 4, total: 5, threshold: 3 })
})

test('two of three for a small shop', async () => {
  const kit = await createRecoveryKit({ shares: 3, threshold: 2 })
  await proveKit(pick(kit.shares, 3, 1), kit.recipient)
  await expect(proveKit(pick(kit.shares, 3), kit.recipient)).rejects.toMatchObject({ details: { problem: 'too_few', given: 1, needed: 2 } })
})

test('each wrong set is named as what it is, and by its place', async () => {
  const kit = await createRecoveryKit({ shares: 5, threshold: 3 })
  const other = await createRecoveryKit({ shares: 5, threshold: 3 })
  const [a, b, c, x, y, z] = [...pick(kit.shares, 1, 2, 3), ...pick(other.shares, 1, 2, 3)] as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const typo = b.slice(0, 30) + (b[30] === '7' ? '8' : '7') + b.slice(31)
  const refusal = (texts: string[]) =>
    combineShares(texts).then(
      () => 'accepted',
      (error: { details: unknown }) => error.details,
    )
  expect(await refusal([a, typo, c])).toEqual({ problem: 'mistyped', share: 2 })
  expect(await refusal([a, b, ''])).toEqual({ problem: 'mistyped', share: 3 })
  expect(await refusal([x, b, c])).toEqual({ problem: 'other_kit', share: 1 })
  expect(await refusal([a, b, x])).toEqual({ problem: 'other_kit', share: 3 })
  expect(await refusal([a, b, a])).toEqual({ problem: 'repeated', share: 3 })
  expect(await refusal([a, b])).toEqual({ problem: 'too_few', share: 2, given: 2, needed: 3 })
  expect(await refusal([])).toMatchObject({ problem: 'too_few' })
  await expect(proveKit([x, y, z], kit.recipient)).rejects.toMatchObject({
    code: 'shares_invalid',
    details: { problem: 'other_recipient' },
  })
})

test('a share that lies about its kit, with a right checksum, never yields a wrong key', async () => {
  const kit = await createRecoveryKit({ shares: 3, threshold: 2 })
  const other = await createRecoveryKit({ shares: 3, threshold: 2 })
  const forged = parseShare(other.shares[1] ?? '')
  if (!forged) throw new Error('unreadable share')
  const lie = formatShare({ ...forged, kitId: kit.kitId })
  await expect(combineShares([kit.shares[0] ?? '', lie])).rejects.toMatchObject({
    code: 'shares_invalid',
    details: { problem: 'wrong_result' },
  })
})

test('typing is forgiven (case, blanks, O I L, full width); one wrong character is not', async () => {
  const kit = await createRecoveryKit({ shares: 3, threshold: 2 })
  const share = kit.shares[0] ?? ''
  const fullWidth = [...share].map((c) => (c === '-' ? ' ' : String.fromCharCode(c.charCodeAt(0) + 0xfee0))).join('')
  const sloppy = share.toLowerCase().replaceAll('-', '  ').replaceAll('0', 'o').replaceAll('1', 'l')
  for (const typed of [fullWidth, sloppy, `\n${share}\n`]) expect(describeShare(typed)).toEqual(describeShare(share))
  fc.assert(
    fc.property(fc.nat(71), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZU'), (at, letter) => {
      const plain = share.replaceAll('-', '')
      fc.pre(plain[at] !== letter)
      expect(parseShare(plain.slice(0, at) + letter + plain.slice(at + 1))).toBeNull()
    }),
  )
})

test('base 32 and age identities read back what was written, and agree with the age library', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(decodeCrockford(encodeCrockford(bytes))).toEqual(Buffer.from(bytes))
    }),
  )
  const identity = await generateX25519Identity()
  const secret = parseAgeIdentity(identity)
  expect(secret).toHaveLength(32)
  expect(formatAgeIdentity(secret ?? Buffer.alloc(0))).toBe(identity)
  const swapped = identity.slice(0, -1) + (identity.endsWith('Q') ? 'P' : 'Q')
  for (const bad of [swapped, identity.slice(0, -1), identity.replace('AGE', 'EGA'), '']) expect(parseAgeIdentity(bad)).toBeNull()
  expect(kitIdOf('age1a')).not.toBe(kitIdOf('age1b'))
})
