import type { Field } from './field.ts'

/**
 * Whether a field is a list of labels (tags): short texts that tell nothing apart once masked, are found by any part, and by which a list can be
 * narrowed. Numbers and addresses have a mask that shows a part, and identifiers are found exactly.
 */
export const isLabels = (field: Field): boolean =>
  field.many && field.kind === 'text' && field.mask === 'hide' && field.find.length === 1 && field.find[0] === 'fragment'

/** What stands for an absent value where a list is narrowed by a plain field: customers whom nobody owns. No id and no choice is this word. */
export const absentValue = 'none'
