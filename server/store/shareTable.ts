import type { KeyObject } from 'node:crypto'
import type { ShareKind } from '../../domain/export/shares.ts'
import type { ExportLanguage } from '../../domain/export/terms.ts'
import { type MacPart, rowMac, verifyRowMac } from '../crypto/mac.ts'
import type { Queryable } from './database.ts'

/** A link by which somebody outside sees something, as its row keeps it. The token is in the link only. Times are ISO 8601. */
export type ShareRow = {
  readonly id: string
  readonly kind: ShareKind
  /** The export, or the customer. */
  readonly target: string
  /** The person a customer's sheet is about. */
  readonly about: number | null
  readonly fields: readonly string[]
  readonly language: ExportLanguage
  readonly staffId: string
  readonly subject: number
  readonly tokenHash: Buffer
  readonly pinMac: Buffer
  readonly createdAt: string
  readonly expiresAt: string
  readonly sealedRecipient: Buffer
  readonly recalledAt: string | null
  readonly recalledBy: string | null
}

/** One time that somebody tried the link. */
export type OpeningRow = {
  readonly share: string
  readonly at: string
  readonly outcome: 'opened' | 'downloaded' | 'pin_wrong'
  readonly sealedFrom: Buffer | null
}

type Made = Omit<ShareRow, 'recalledAt' | 'recalledBy' | 'sealedRecipient'>

const parts = (row: Made): MacPart[] => [
  row.id,
  row.kind,
  row.target,
  row.about,
  row.fields.join(','),
  row.language,
  row.staffId,
  row.subject,
  row.tokenHash,
  row.pinMac,
  new Date(row.createdAt),
  new Date(row.expiresAt),
]

/** Keeps a link. */
export const insertShare = async (client: Queryable, macKey: KeyObject, row: Made & Pick<ShareRow, 'sealedRecipient'>): Promise<void> => {
  await client.query(
    `insert into share (id, kind, target, about, fields, language, staff_id, subject, token_hash, pin_mac, created_at, expires_at, mac, sealed_recipient)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      row.id,
      row.kind,
      row.target,
      row.about,
      row.fields,
      row.language,
      row.staffId,
      row.subject,
      row.tokenHash,
      row.pinMac,
      row.createdAt,
      row.expiresAt,
      rowMac(macKey, 'share', parts(row)),
      row.sealedRecipient,
    ],
  )
}

const columns = `id, kind, target, about, fields, language, staff_id as "staffId", subject, token_hash as "tokenHash", pin_mac as "pinMac",
  created_at as "createdAt", expires_at as "expiresAt", sealed_recipient as "sealedRecipient", recalled_at as "recalledAt", recalled_by as "recalledBy", mac`

const select = async (client: Queryable, macKey: KeyObject, where: string, values: unknown[]): Promise<ShareRow[]> => {
  const { rows } = await client.query<ShareRow & { mac: Buffer }>(`select ${columns} from share where ${where}`, values)
  // A link that this installation did not make, or that was altered (its end, its target, whose it is), opens nothing.
  return rows.filter((row) => verifyRowMac(macKey, 'share', parts(row), row.mac)).map(({ mac: _mac, ...row }) => row)
}

/** Returns the link of a token, or null. */
export const shareOfToken = async (client: Queryable, macKey: KeyObject, tokenHash: Buffer): Promise<ShareRow | null> =>
  (await select(client, macKey, 'token_hash = $1', [tokenHash]))[0] ?? null

/** Returns a link, or null. */
export const readShare = async (client: Queryable, macKey: KeyObject, id: string): Promise<ShareRow | null> =>
  (await select(client, macKey, 'id = $1', [id]))[0] ?? null

/** Returns links, newest first, 200 at most: those of one person, or everybody's. */
export const listShares = (client: Queryable, macKey: KeyObject, staffId: string | null): Promise<ShareRow[]> =>
  select(client, macKey, '$1::uuid is null or staff_id = $1 order by created_at desc limit 200', [staffId])

/** Takes a link back; false when somebody had done so before. */
export const recallShareRow = async (client: Queryable, id: string, by: string): Promise<boolean> =>
  (await client.query('update share set recalled_at = now(), recalled_by = $2 where id = $1 and recalled_at is null', [id, by]))
    .rowCount === 1

/** Notes that somebody tried a link, and from where. */
export const noteOpening = async (
  client: Queryable,
  share: string,
  outcome: OpeningRow['outcome'],
  sealedFrom: Buffer | null,
): Promise<void> =>
  void (await client.query('insert into share_opening (share, outcome, sealed_from) values ($1, $2, $3)', [share, outcome, sealedFrom]))

/** Returns the newest tries of links, 50 at most of each. */
export const openingsOf = async (client: Queryable, shares: readonly string[]): Promise<OpeningRow[]> =>
  (
    await client.query<OpeningRow>(
      `select share, at, outcome, sealed_from as "sealedFrom" from (
         select *, row_number() over (partition by share order by at desc) as n from share_opening where share = any($1::uuid[])) o
       where n <= 50 order by at desc`,
      [shares],
    )
  ).rows

/** Returns how often the file of a link was fetched. Locks the link until the end of the transaction. */
export const countFetches = async (client: Queryable, share: string): Promise<number> => {
  await client.query('select from share where id = $1 for update', [share])
  const sql = "select count(*)::int as n from share_opening where share = $1 and outcome = 'downloaded'"
  return (await client.query<{ n: number }>(sql, [share])).rows[0]!.n
}
