import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { catalogue } from '../../domain/catalogue/all.ts'
import type { Entity } from '../../domain/catalogue/entity.ts'
import { type Field, isSealed } from '../../domain/catalogue/field.ts'
import { pinyinForms } from '../../domain/text/pinyin.ts'

/** A value that stands nowhere else in the world, put into one sealed field. */
export type Canary = { readonly entity: string; readonly field: string; readonly value: string }

const letters = (bytes: number): string =>
  randomBytes(bytes)
    .toString('hex')
    .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)
const han = (count: number): string =>
  Array.from(
    randomBytes(count * 2)
      .values()
      .take(count),
    (byte) => String.fromCodePoint(0x6000 + byte * 7),
  ).join('')
const digits = (count: number): string => Array.from(randomBytes(count), (byte) => byte % 10).join('')

const invent = (field: Field): string => {
  switch (field.kind) {
    case 'phone':
      return `+86139${digits(8)}`
    case 'email':
      return `${letters(8)}@example.com`
    default:
      return field.max < 60 ? letters(10) : `${han(6)}${letters(6)}`
  }
}

/** Returns one canary per sealed field of every entity: a new entity or field is covered the day it is declared. */
export const inventCanaries = (): Canary[] =>
  (Object.values(catalogue) as Entity[]).flatMap((entity) =>
    Object.entries(entity.fields).flatMap(([field, declared]) =>
      isSealed(declared.class) ? [{ entity: entity.name, field, value: invent(declared) }] : [],
    ),
  )

const base64Cores = (bytes: Buffer): Buffer[] =>
  [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return Buffer.from(encoded.slice(shift === 0 ? 0 : shift + 1, -1))
  })

/** The byte strings under which a value could lie on disk: UTF-8, UTF-16 (both orders), base64 (three alignments), hex, JSON escapes, pinyin, digits alone. */
export const formsOf = (canary: Canary): Buffer[] => {
  const { value } = canary
  const utf8 = Buffer.from(value)
  const little = Buffer.from(value, 'utf16le')
  const escaped = Array.from(value, (letter) =>
    letter.codePointAt(0)! > 127 ? `\\u${letter.codePointAt(0)!.toString(16).padStart(4, '0')}` : letter,
  ).join('')
  const forms = [
    utf8,
    little,
    Buffer.from(little).swap16(),
    ...base64Cores(utf8),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('hex').toUpperCase()),
    Buffer.from(escaped),
  ]
  if (/\p{Script=Han}/u.test(value))
    forms.push(
      ...pinyinForms(value)
        .full.split(/\s+/)
        .filter((form) => form.length > 12)
        .map((form) => Buffer.from(form)),
    )
  if (value.startsWith('+86')) forms.push(Buffer.from(value.slice(3)), Buffer.from(value.slice(1)))
  return forms.filter((form) => form.length >= 8)
}

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

export type Sighting = { readonly where: string; readonly canary: Canary }

const sightingsIn = (where: string, bytes: Buffer, needles: readonly { canary: Canary; form: Buffer }[]): Sighting[] =>
  needles.flatMap(({ canary, form }) => (bytes.includes(form) ? [{ where, canary }] : []))

/** Looks for every form of every canary in all files below the folders and in the given texts; returns where one was seen. Reads file by file. */
export const seekCanaries = async (
  canaries: readonly Canary[],
  folders: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Promise<{ sightings: Sighting[]; files: number; bytes: number }> => {
  const needles = canaries.flatMap((canary) => formsOf(canary).map((form) => ({ canary, form })))
  const sightings = Object.entries(texts).flatMap(([where, text]) => sightingsIn(where, Buffer.from(text), needles))
  let files = 0
  let bytes = 0
  for (const folder of folders) {
    for (const file of await filesBelow(folder)) {
      const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return Buffer.alloc(0)
        throw error
      })
      files += 1
      bytes += content.length
      sightings.push(...sightingsIn(relative(folder, file), content, needles))
    }
  }
  return { sightings, files, bytes }
}
