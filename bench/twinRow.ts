import { pinyinForms, sortKey } from '../domain/text/pinyin.ts'

/** What a customer is made of, as a client sends it. */
export type TwinInput = {
  readonly name: string
  readonly kind: string
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly wechatIds: readonly string[]
  readonly addresses: readonly string[]
  readonly tags: readonly string[]
  readonly notes: string | null
  readonly storeId: string
  readonly ownerId?: string | null
}

/** The statement that stores customers from one JSON array, so that a row and a thousand rows are one statement and one plan. */
export const insertTwins = {
  name: 'insert',
  text: `insert into customers (id, created_at, updated_at, kind, name, name_sort, pinyin, initials, phones, emails, wechat, address, tags, notes, store_id, owner_id)
    select id, created_at, created_at, kind, name, name_sort, pinyin, initials, phones, emails, wechat, address, tags, notes, store_id, owner_id
    from jsonb_to_recordset($1::jsonb) as c (id uuid, created_at timestamptz, kind text, name text, name_sort text, pinyin text, initials text, phones text[],
      emails text[], wechat text, address text, tags text[], notes text, store_id uuid, owner_id uuid)`,
}

/** Returns the row that the twin stores: the input with the columns that its searches and sorting need. */
export const twinRow = (id: string, createdAt: string, input: TwinInput) => {
  const { full, initials } = pinyinForms(input.name)
  const { storeId, ownerId, wechatIds, addresses, ...rest } = input
  return {
    ...rest,
    id,
    wechat: wechatIds[0] ?? null,
    address: addresses[0] ?? null,
    created_at: createdAt,
    name_sort: sortKey(input.name),
    pinyin: full,
    initials,
    store_id: storeId,
    owner_id: ownerId ?? null,
  }
}
