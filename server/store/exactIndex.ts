import type { KeyObject } from 'node:crypto'
import type { Field } from '../../domain/catalogue/field.ts'
import { blindToken } from '../crypto/blindIndex.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Values } from './seal.ts'
import type { Shape } from './shape.ts'

/**
 * Odd generations of the index key live in `<field>_bidx`, even ones in `<field>_bidx_next`: so a rotation fills one column while lookups use the
 * other, and the swap is the keyring's retiring of the old generation, without moving a row.
 */
export const columnOfGeneration = (column: string, generation: number): string => (generation % 2 === 1 ? column : `${column}_next`)

/** The form under which a value is found: phones and e-mails are stored in theirs already, other identifiers do not know capitals. */
export const exactForm = (field: Field, value: string): string => (field.kind === 'phone' ? value : value.trim().toLowerCase())

/** An index key at hand. */
export type IndexKey = { readonly generation: number; readonly key: KeyObject }

/** Returns the index keys that writes must serve, oldest first; the first is the one that lookups use. Throws `key_unavailable`. */
export const indexKeys = async (keyring: Keyring): Promise<IndexKey[]> => {
  await keyring.reloadIfChanged() // another process may have begun or ended a rotation
  return Promise.all(keyring.indexGenerations().map(async (generation) => ({ generation, key: await keyring.key(`index/${generation}`) })))
}

// A field that was renamed keeps the name its tokens were made under: they are keyed by it, and stay as they are.
const firstNames: Readonly<Record<string, string>> = { 'customer.wechatIds': 'customer.wechat' }

const tokenName = (shape: Shape, field: string): string => {
  const name = `${shape.name}.${field}`
  return firstNames[name] ?? name
}

const tokens = (shape: Shape, key: KeyObject, name: string, value: unknown): Buffer[] => {
  const field = shape.entity.fields[name]!
  const list = (field.many ? (value as string[] | null) : value === null || value === undefined ? [] : [value as string]) ?? []
  return [...new Set(list.map((one) => exactForm(field, one)))].map((one) => blindToken(key, tokenName(shape, name), one))
}

/** Returns the token under which a value of the field is found now. */
export const lookupToken = (shape: Shape, { key }: IndexKey, name: string, value: string): Buffer =>
  blindToken(key, tokenName(shape, name), exactForm(shape.entity.fields[name]!, value))

/** Returns both index columns of each indexed field, filled for every live generation. */
export const indexColumns = (shape: Shape, keys: readonly IndexKey[], values: Values): Record<string, Buffer[] | Buffer | null> => {
  const columns: Record<string, Buffer[] | Buffer | null> = {}
  for (const { field, column, many } of shape.indexed) {
    columns[column] = many ? [] : null
    columns[`${column}_next`] = null
    for (const { generation, key } of keys) {
      const found = tokens(shape, key, field, values[field])
      columns[columnOfGeneration(column, generation)] = many ? found : (found[0] ?? null)
    }
  }
  return columns
}
