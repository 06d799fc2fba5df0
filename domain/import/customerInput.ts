import { maxItems } from '../catalogue/check.ts'
import { customer } from '../crm/customer.ts'
import { looksMasked } from '../policy/looksMasked.ts'
import { between } from '../export/cells.ts'
import { canonicalAddress } from '../text/address.ts'
import { normaliseEmail, splitEmails } from '../text/email.ts'
import { countCodePoints, normaliseName, normaliseText } from '../text/normalise.ts'
import { normalisePhone, splitPhones } from '../text/phone.ts'
import { emailRefusal, phoneRefusal, type CustomerField, type Refusal } from './problems.ts'
import { consentChannels, type ConsentChannel, type ImportedConsent, readConsent } from './readConsent.ts'
import { type ImportedPurchase, purchaseText, readInstant } from './readPurchase.ts'
import { type BasisId, readBasis, readSource, type SourceId } from './readSource.ts'

/** A customer as an import makes it: ready for `checkInput` once store and owner are ids. */
export type ImportedCustomer = {
  name: string
  kind: 'household' | 'organisation'
  phones: string[]
  emails: string[]
  wechatIds: string[]
  addresses: string[]
  tags: string[]
  notes: string | null
  /** As written in the file; the importer looks them up. */
  storeName?: string
  ownerLogin?: string
  /** Stored form of the number of whoever brought them, to be looked up too. */
  referrerPhone?: string
  source?: SourceId
  basis?: BasisId
  consents?: ImportedConsent[]
  purchase?: ImportedPurchase
}
export type ImportResult = { input: ImportedCustomer; refused?: never } | { refused: Refusal[]; input?: never }

/**
 * What to do with a phone or e-mail that cannot be read: refuse the row, or keep what was written in the notes. Rounded numbers are
 * always refused.
 */
export type Unreadable = 'refuse' | 'note'

/** Raw text and the column it came from (null for a card). */
export type Piece = { text: string; column: number | null; label?: string }
export type Pieces = {
  name: Piece[]
  phones: Piece[]
  emails: Piece[]
  wechat: Piece[]
  address: Piece[]
  tags: Piece[]
  notes: Piece[]
  kind: Piece[]
  store: Piece[]
  owner: Piece[]
  /** What only tables have. */
  source?: Piece[]
  basis?: Piece[]
  consent?: Piece[]
  referrer?: Piece[]
  purchaseDate?: Piece[]
  purchase?: Piece[]
  purchaseAmount?: Piece[]
}
/** `usualChannels`: what a consent that names no channel counts for. `now`: milliseconds, beyond which no purchase lies. */
export type Circumstances = { usualChannels?: readonly ConsentChannel[]; now?: number }

type Refuse = (field: CustomerField, problem: Refusal['problem'], column: number | null) => void

const { fields } = customer

/** Returns a customer from the raw pieces of a row or card, every value in stored form, or all that is wrong with it. Never throws. */
export function makeCustomerInput(pieces: Pieces, unreadable: Unreadable, circumstances: Circumstances = {}): ImportResult {
  const refused: Refusal[] = []
  const extra: string[] = []
  const refuse: Refuse = (field, problem, column) => void refused.push({ problem, field, column })

  const phones = readPhones(pieces.phones, unreadable, refuse, extra)
  const emails = readEmails(pieces.emails, unreadable, refuse, extra)
  const one = (field: 'name' | 'wechatIds' | 'addresses', source: readonly Piece[]): string => {
    const text = joinPieces(
      source.map((piece) => ({ ...piece, text: normaliseName(piece.text) })).filter((piece) => !isBlankWord(piece.text)),
      field,
    )
    const joined = field === 'addresses' ? canonicalAddress(text) : text
    const column = source[0]?.column ?? null
    if (countCodePoints(joined) > fields[field].max) refuse(field, 'too_long', column)
    else if (isMasked(joined)) refuse(field, 'masked', column)
    return joined
  }
  const name = one('name', pieces.name)
  if (name === '') refuse('name', 'name_missing', pieces.name[0]?.column ?? null)
  const [kind, kindTags] = readKind(pieces.kind, name)
  const tags = new Set(kindTags)
  for (const { text, column } of pieces.tags) {
    for (const piece of text.split(/:::|[,;、，；|/\n]/)) {
      const tag = normaliseName(piece.replace(/^\s*\*\s*/, ''))
      if (tag === '' || tag === 'myContacts' || isBlankWord(tag)) continue
      if (countCodePoints(tag) > fields.tags.max) refuse('tags', 'too_long', column)
      tags.add(tag)
    }
  }
  const written = pieces.notes
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, label }) => (label === undefined ? text : `${label}: ${text}`))
  const beside = readBeside(pieces, circumstances, refuse, extra)
  const notes = normaliseText([...written, ...extra].join('\n'))
  if (countCodePoints(notes) > fields.notes.max) refuse('notes', 'too_long', pieces.notes[0]?.column ?? null)
  for (const [field, list] of [
    ['phones', phones],
    ['emails', emails],
    ['tags', tags],
  ] as const)
    if (list.size > maxItems) refuse(field, 'too_many', pieces[field][0]?.column ?? null)
  const storeName = normaliseName(pieces.store[0]?.text ?? '')
  const ownerLogin = normaliseName(pieces.owner[0]?.text ?? '')
  const wechatIds = [
    ...new Set(
      pieces.wechat
        .flatMap(apart)
        .map((piece) => one('wechatIds', [piece]))
        .filter((id) => id !== ''),
    ),
  ]
  // Columns are parts of one address; only a cell that parts several as our own export does holds more than one.
  const whole = pieces.address.length === 1 ? pieces.address.flatMap(apart).map((piece) => [piece]) : [pieces.address]
  const addresses = [...new Set(whole.map((parts) => one('addresses', parts)).filter((address) => address !== ''))]
  if (refused.length > 0) return { refused }
  const input: ImportedCustomer = {
    name,
    kind,
    phones: [...phones],
    emails: [...emails],
    wechatIds,
    addresses,
    tags: [...tags],
    notes: notes || null,
    ...beside,
  }
  if (storeName !== '') input.storeName = storeName
  if (ownerLogin !== '') input.ownerLogin = ownerLogin
  return { input }
}

const apart = (piece: Piece): Piece[] => piece.text.split(between).map((text) => ({ ...piece, text }))

type Beside = Pick<ImportedCustomer, 'source' | 'basis' | 'consents' | 'purchase' | 'referrerPhone'>

/** Returns what stands beside the customer's own fields. What is said in words that nobody knows goes to `extra`, so that it is not lost. */
function readBeside(
  pieces: Pieces,
  { usualChannels = consentChannels, now = Date.now() }: Circumstances,
  refuse: Refuse,
  extra: string[],
): Beside {
  const beside: Beside = {}
  const said = (list: Piece[] | undefined): Piece[] => (list ?? []).filter(({ text }) => !isBlankWord(text))
  const keep = (label: string, text: string): void => void extra.push(`${label}: ${normaliseName(text)}`)
  for (const { text } of said(pieces.source)) {
    const source = readSource(text)
    if (source !== null) beside.source ??= source
    else keep('来源', text)
  }
  for (const { text } of said(pieces.basis)) {
    const basis = readBasis(text)
    if (basis !== null) beside.basis ??= basis
    else keep('处理依据', text)
  }
  for (const { text, label = '' } of pieces.consent ?? []) {
    const consents = text.trim() === '' ? [] : readConsent(text, label, usualChannels)
    if (consents === null && !isBlankWord(text)) keep(label || '同意', text)
    const known = beside.consents ?? []
    const fresh = (consents ?? []).filter(({ channel }) => !known.some((one) => one.channel === channel))
    if (fresh.length > 0) beside.consents = [...known, ...fresh]
  }
  for (const { text } of said(pieces.referrer)) {
    const read = splitPhones(text).map(normalisePhone)
    const phone = read.find((one) => 'e164' in one)
    if (phone && 'e164' in phone) beside.referrerPhone ??= phone.e164
    if (read.length !== 1 || !phone) keep('介绍人', text)
  }
  const products = said(pieces.purchase)
  const amounts = said(pieces.purchaseAmount)
  const bought = purchaseText(
    products.map(({ text }) => text),
    amounts.map(({ text }) => text),
  )
  const [dated] = said(pieces.purchaseDate)
  if (dated) {
    const happenedAt = readInstant(dated.text, now)
    if (happenedAt === null) refuse('purchaseDate', 'date_unreadable', dated.column)
    else beside.purchase = { happenedAt, text: bought || '购买' }
  } else if (bought !== '') keep('购买', bought)
  return beside
}

/** Returns the numbers in stored form; an extension, which E.164 cannot hold, goes to `extra`, as does what cannot be read if it may. */
function readPhones(pieces: Piece[], unreadable: Unreadable, refuse: Refuse, extra: string[]): Set<string> {
  const phones = new Set<string>()
  for (const { text, column } of pieces) {
    for (const piece of splitPhones(text.replaceAll(':::', '\n'))) {
      const read = normalisePhone(piece)
      if ('e164' in read) {
        // What is left of a number that a spreadsheet has rounded: 1.38E+10 opened and saved again is 13800000000.
        if (/^\+861[3-9]\d{3}000000$/.test(read.e164)) refuse('phones', 'phone_scientific', column)
        phones.add(read.e164)
        if (read.extension !== undefined) extra.push(`${read.e164} 转 ${read.extension}`)
      } else if (read.problem === 'empty' || isBlankWord(piece)) continue
      else if (isMasked(piece)) refuse('phones', 'masked', column)
      else if (unreadable === 'note' && read.problem !== 'scientific') extra.push(`电话: ${piece}`)
      else refuse('phones', phoneRefusal(read.problem), column)
    }
  }
  return phones
}

function readEmails(pieces: Piece[], unreadable: Unreadable, refuse: Refuse, extra: string[]): Set<string> {
  const emails = new Set<string>()
  for (const { text, column } of pieces) {
    for (const piece of splitEmails(text.replaceAll(':::', ';'))) {
      const read = normaliseEmail(piece)
      if ('email' in read) emails.add(read.email)
      else if (read.problem === 'empty' || isBlankWord(piece)) continue
      else if (isMasked(piece)) refuse('emails', 'masked', column)
      else if (unreadable === 'note') extra.push(`邮箱: ${piece}`)
      else refuse('emails', emailRefusal(read.problem), column)
    }
  }
  return emails
}

/** Our own mask, and those of other systems' exports: 138****5678, 张*, a***@qq.com. A masked value is never taken for one. */
function isMasked(text: string): boolean {
  return looksMasked(text) || /[*＊•]{2,}|^\p{Script=Han}{1,2}[*＊]/u.test(text)
}

/** What people type into a cell to say that there is nothing. */
function isBlankWord(text: string): boolean {
  return /^(?:无|暂无|没有|空|未知|未填|不详|-+|—+|\/+|n\/?a|null|none|undefined|#n\/a)?$/i.test(text.trim())
}

function joinPieces(pieces: Piece[], field: string): string {
  const texts = pieces.map((piece) => piece.text).filter((text) => text !== '')
  if (field !== 'addresses') return texts[0] ?? ''
  // 广东省 + 深圳市 + 深圳市南山区…: a part that the next one repeats is left out.
  const parts = texts.filter((text, i) => !texts.slice(i + 1).some((later) => later.startsWith(text)))
  return parts.join(parts.some((part) => /\p{Script=Han}/u.test(part)) ? '' : ', ')
}

function readKind(pieces: Piece[], name: string): ['household' | 'organisation', string[]] {
  const texts = pieces.map(({ text }) => normaliseName(text)).filter((text) => !isBlankWord(text))
  for (const text of texts) {
    if (/^(?:个人|家庭|私人|散客|零售|household|person|personal|individual|home|个人客户|家庭客户)$/i.test(text)) return ['household', []]
    if (/^(?:企业|公司|单位|团体|机构|商户|工程|organi[sz]ation|company|business|企业客户|单位客户|公司客户)$/i.test(text))
      return ['organisation', []]
  }
  // A type of the dealer's own ('重点客户') is a tag.
  const firm =
    /(?:公司|集团|酒店|宾馆|会所|俱乐部|工作室|事务所|学校|大学|医院|银行|中心|餐厅|影院|设计院|协会|委员会|有限合伙)$|\b(?:ltd|llc|inc|gmbh|corp|co)\.?$/i.test(
      name,
    )
  return [firm ? 'organisation' : 'household', texts]
}
