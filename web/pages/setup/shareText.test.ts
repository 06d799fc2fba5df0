import { expect, test } from 'vitest'
import { readShare } from './shareText.ts'

// Made by server/crypto/kitShare.ts: kit 7F3K-2M9Q, share 1 of 3, two needed; the data is random and protects nothing.
const share = '04XW-ECAH-6WHG-2Q83-ZNGY-VGCN-M8JN-QFKS-MX8V-FAD2-3WRR-8884-JMXY-YDAX-GVFA-4KQ8-4JCZ-WHTH'

test('a share reads the same with blanks, in small letters, full width, and with O, I and L for 0 and 1', async () => {
  const right = { kind: 'right', index: 1, threshold: 2, total: 3 }
  expect(await readShare(share)).toMatchObject(right)
  expect(await readShare(share.toLowerCase().replaceAll('-', ' '))).toMatchObject(right)
  expect(await readShare(share.replace('0', 'o'))).toMatchObject(right)
  expect(await readShare(share.replaceAll(/[A-Z]/g, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0)))).toMatchObject(
    right,
  )
})

test('each single wrong character is noticed', async () => {
  const letters = share.replaceAll('-', '')
  for (let at = 0; at < letters.length; at += 1) {
    const wrong = letters.slice(0, at) + (letters[at] === 'A' ? 'B' : 'A') + letters.slice(at + 1)
    expect([at, (await readShare(wrong)).kind]).toEqual([at, 'wrong'])
  }
})

test('says how far it is, what cannot occur, and what is too long', async () => {
  expect(await readShare('  ')).toEqual({ kind: 'empty' })
  expect(await readShare('04XW-EC')).toEqual({ kind: 'partial', typed: 6 })
  expect(await readShare('04XU')).toEqual({ kind: 'bad_character', character: 'U' })
  expect(await readShare(`${share}-0000`)).toEqual({ kind: 'wrong' })
})
