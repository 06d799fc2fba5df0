import type { ForeignCard } from './card.ts'
import { withoutWatermark } from '../export/watermark.ts'
import { makeCustomerInput, type ImportResult, type Piece, type Unreadable } from './customerInput.ts'

/** Groups that address books make by themselves; they say nothing about a customer. */
const ownGroups = /^(?:my ?contacts|friends|family|coworkers|starred.*|我的联系人|联系人)$/i

/**
 * Returns the customer that a card of an address book makes, or all that is wrong with it. A card without any name goes by its company,
 * else by its e-mail address or phone number, as phones show it. The first address is kept as such, further ones go to the notes. Never
 * throws.
 */
export function cardToCustomer(card: ForeignCard, unreadable: Unreadable = 'refuse'): ImportResult {
  const piece = (text: string): Piece => ({ text, column: null })
  const labelled = (label: string, list: (string | null | undefined)[]): Piece[] =>
    list.filter((text) => typeof text === 'string' && text !== '').map((text) => ({ text: text ?? '', column: null, label }))
  const name = card.names[0] ?? card.org ?? card.emails[0] ?? card.phones[0] ?? ''
  const note = card.note === null ? '' : withoutWatermark(card.note).trim()
  const byOrg = card.names.length === 0 && card.org !== null
  return makeCustomerInput(
    {
      name: [piece(name)],
      phones: card.phones.map(piece),
      emails: card.emails.map(piece),
      wechat: card.wechat === null ? [] : [piece(card.wechat)],
      address: card.addresses.slice(0, 1).map(piece),
      tags: card.categories.filter((category) => !ownGroups.test(category)).map(piece),
      notes: [
        ...(note === '' ? [] : [piece(note)]),
        ...labelled('公司', byOrg ? [] : [card.org]),
        ...labelled('地址', card.addresses.slice(1)),
      ],
      kind: byOrg ? [piece('企业')] : [],
      store: [],
      owner: [],
    },
    unreadable,
  )
}
