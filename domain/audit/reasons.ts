import type { Label } from '../catalogue/field.ts'

/** Why somebody looked. `other` needs a note, which is sealed beside the log. */
export const reasons = {
  call_back: { zh: '回电', en: 'Call back' },
  visit: { zh: '上门', en: 'Visit' },
  quote: { zh: '报价', en: 'Quote' },
  complaint: { zh: '投诉', en: 'Complaint' },
  correction: { zh: '更正', en: 'Correction' },
  // Nobody chooses it: given where somebody puts themselves down for a customer who is not theirs.
  appointment: { zh: '自己登记的预约', en: 'Own booking' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Readonly<Record<string, Label>>
export type Reason = keyof typeof reasons

/** Whether the text is the code of a reason. */
export const isReason = (value: unknown): value is Reason => typeof value === 'string' && Object.hasOwn(reasons, value)
