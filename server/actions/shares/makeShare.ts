import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { AppError } from '../../../domain/errors.ts'
import { exportableRows, offeredColumns } from '../../../domain/export/columns.ts'
import { mostShareDays, pinDigits, type ShareKind } from '../../../domain/export/shares.ts'
import type { ExportLanguage } from '../../../domain/export/terms.ts'
import type { Scope } from '../../../domain/policy/decide.ts'
import { none, satisfies } from '../../../domain/policy/predicate.ts'
import { textMac } from '../../crypto/mac.ts'
import { openExportRows } from '../../store/exportRows.ts'
import { readExports } from '../../store/exportTable.ts'
import { ruleRowOf } from '../../store/openRows.ts'
import { isRecordId } from '../../store/reads.ts'
import { sealText } from '../../store/sealedText.ts'
import { insertShare, type ShareRow } from '../../store/shareTable.ts'
import type { Parts } from '../parts.ts'

export type ShareRequest = {
  readonly kind: ShareKind
  readonly target: string
  readonly fields?: readonly string[]
  readonly recipient: { readonly name: string; readonly contact: string }
  readonly days: number
  readonly language: ExportLanguage
}

/** The PIN as it is kept: under a key that is not in the database, bound to its link. */
export const pinMacOf = async ({ macKey }: Pick<Parts, 'macKey'>, share: string, pin: string): Promise<Buffer> =>
  textMac(await macKey(), 'share-pin', `${share}/${pin}`)

/** The token as it is kept: 256 random bits need no more than a hash. */
export const tokenHashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const refused = (field: string, problem: string): AppError => new AppError('input_invalid', { problems: [{ field, problem }] })

type Target = Pick<ShareRow, 'about' | 'fields'> & { readonly until: number | null }

const ofCustomer = async (parts: Pick<Parts, 'pool' | 'broker'>, scope: Scope, asked: ShareRequest): Promise<Target> => {
  const offered = new Set(offeredColumns(scope).map(({ name }) => name))
  const fields = [...new Set(asked.fields ?? [])]
  if (fields.length === 0) throw refused('fields', 'required')
  for (const name of fields) if (!offered.has(name)) throw new AppError('unknown_key', { key: name.slice(0, 64) })
  const { rows } = await openExportRows(parts, scope, [asked.target], { fields: [], among: exportableRows(scope) })
  if (!rows[0]) throw new AppError('not_found')
  const rule = ruleRowOf(rows[0])
  // A link shows values or nothing: a masked number is of no use to who gets it.
  if (fields.some((name) => !satisfies(scope.fields[name]?.export ?? none, rule))) throw new AppError('forbidden', { fields })
  return { about: rows[0].subject, fields, until: null }
}

const ofExport = async ({ pool, macKey }: Pick<Parts, 'pool' | 'macKey'>, scope: Scope, asked: ShareRequest): Promise<Target> => {
  const [row] = await readExports(pool, await macKey(), [asked.target])
  if (!row || row.staffId !== scope.actor.staffId) throw new AppError('not_found')
  if (row.wrapped === null || row.expiresAt === null) throw new AppError('export_gone', { why: row.gone ?? row.jobState })
  // Staged data is gone within 24 hours, shared or not.
  return { about: null, fields: row.fields, until: Date.parse(row.expiresAt) }
}

/**
 * Makes a link to one's own export, or to chosen fields of one customer. Returns the token, which is in the link only, and the PIN, which is to be told by another way;
 * neither can be told again. Throws `not_found`, `unknown_key`, `forbidden`, `export_gone`, `input_invalid`.
 */
export const makeShare = async (
  parts: Pick<Parts, 'pool' | 'broker' | 'records' | 'macKey'>,
  scope: Scope,
  asked: ShareRequest,
): Promise<{ id: string; token: string; pin: string; expiresAt: string }> => {
  const { actor } = scope
  const recipient = { name: asked.recipient.name.trim(), contact: asked.recipient.contact.trim() }
  if (recipient.name === '') throw refused('recipient.name', 'required')
  if (!(asked.days >= 1 && asked.days <= mostShareDays)) throw refused('days', 'range')
  if (!isRecordId(asked.target)) throw new AppError('not_found')
  const { about, fields, until } = await (asked.kind === 'customer' ? ofCustomer(parts, scope, asked) : ofExport(parts, scope, asked))
  const id = randomUUID()
  const token = randomBytes(32).toString('base64url')
  const pin = String(randomInt(10 ** pinDigits)).padStart(pinDigits, '0')
  const now = Date.now()
  const expiresAt = new Date(Math.min(now + asked.days * 86_400_000, until ?? Infinity)).toISOString()
  const macKey = await parts.macKey()
  const pinMac = await pinMacOf(parts, id, pin)
  await parts.records.transaction(actor, async (tx) => {
    const place = { entity: 'share', recordId: id, subject: actor.subject, group: 'recipient' }
    const sealedRecipient = await sealText({ client: tx, broker: parts.broker }, place, JSON.stringify(recipient))
    await insertShare(tx, macKey, {
      id,
      kind: asked.kind,
      target: asked.target,
      about,
      fields,
      language: asked.language,
      staffId: actor.staffId,
      subject: actor.subject,
      tokenHash: tokenHashOf(token),
      pinMac,
      createdAt: new Date(now).toISOString(),
      expiresAt,
      sealedRecipient,
    })
    await tx.audit([
      {
        actor,
        action: 'share_create',
        entity: asked.kind === 'customer' ? 'customer' : 'export',
        ids: [asked.target],
        subjects: about === null ? [] : [about],
        fields,
        outcome: 'done',
        detail: { note: `${recipient.name} ${recipient.contact}`.trim() },
      },
    ])
  })
  return { id, token, pin, expiresAt }
}
