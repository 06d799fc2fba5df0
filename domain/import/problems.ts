import type { EmailProblem } from '../text/email.ts'
import type { PhoneProblem } from '../text/phone.ts'

/** Why one row or card of a foreign file could not be read at all. */
export const rowProblems = [
  'nul_byte',
  'too_many_columns',
  'columns_mismatch',
  'cell_too_long',
  'row_too_long',
  'quote_unclosed',
  'card_unclosed',
  'card_too_long',
  'card_unreadable',
] as const
export type RowProblem = (typeof rowProblems)[number]

/** Why a whole foreign file was refused: `reason` of AppError('file_unreadable'). */
export const fileProblems = [
  'empty',
  'header_only',
  'too_many_columns',
  'quote_unclosed',
  'row_too_long',
  'cell_too_long',
  'nul_byte',
  'not_vcard',
  'is_excel',
  'is_old_excel',
  'is_pdf',
  'is_zip',
  'is_encrypted',
  'is_binary_excel',
  'workbook_damaged',
  'workbook_too_large',
  'unpacks_too_large',
] as const
export type FileProblem = (typeof fileProblems)[number]

/** Why a row that was read makes no customer. */
export const customerProblems = [
  'name_missing',
  'too_long',
  'too_many',
  'masked',
  'formula_uncached',
  'cell_error',
  'phone_scientific',
  'phone_area_code_missing',
  'phone_too_short',
  'phone_too_long',
  'phone_not_a_phone',
  'email_not_an_email',
  'email_too_long',
  'date_unreadable',
] as const
export type CustomerProblem = (typeof customerProblems)[number]

/** Every reason the report of refused rows can give. */
export type ImportProblem = RowProblem | CustomerProblem

/** What is wrong with one field. `column` counts from 0 in the file's row, and is null for a card. Never holds the value. */
export type Refusal = { problem: CustomerProblem; field: CustomerField; column: number | null }
export type CustomerField =
  | 'purchaseDate'
  | 'purchase'
  | 'purchaseAmount'
  | 'source'
  | 'basis'
  | 'consent'
  | 'referrer'
  | 'name'
  | 'phones'
  | 'emails'
  | 'wechatIds'
  | 'addresses'
  | 'tags'
  | 'notes'
  | 'store'
  | 'owner'
  | 'kind'

/** Returns the refusal that a phone problem means; an empty phone is none. */
export function phoneRefusal(problem: Exclude<PhoneProblem, 'empty'>): CustomerProblem {
  return `phone_${problem}`
}

/** Returns the refusal that an e-mail problem means. */
export function emailRefusal(problem: Exclude<EmailProblem, 'empty'>): CustomerProblem {
  return problem === 'too_long' ? 'email_too_long' : 'email_not_an_email'
}
