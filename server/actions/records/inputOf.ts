import { catalogue } from '../../../domain/catalogue/all.ts'
import { checkInput } from '../../../domain/catalogue/check.ts'
import type { Entity } from '../../../domain/catalogue/entity.ts'
import { normaliseInput } from '../../../domain/catalogue/normaliseInput.ts'
import { AppError } from '../../../domain/errors.ts'
import type { Scope } from '../../../domain/policy/decide.ts'

type Problem = { field: string; problem: string }

const refusalOf = (problems: readonly Problem[], index: number | undefined): AppError => {
  const details = { problems: [...problems], ...(index === undefined ? {} : { index }) }
  if (problems.some(({ problem }) => problem === 'masked')) return new AppError('masked_input', details)
  return new AppError(problems.every(({ problem }) => problem === 'unknown_key') ? 'unknown_key' : 'input_invalid', details)
}

// A field that this actor may write in no row at all is to them a field that does not exist.
const withoutUnwritable = (scope: Scope, fields: Entity['fields']): Entity['fields'] =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => (scope.fields[name]?.write.kind ?? 'none') !== 'none'))

// Folding drops control characters, which is right for what was pasted from a web page. NUL comes from no keyboard: its sender is told.
const nulFields = (given: unknown): Problem[] =>
  Object.entries(typeof given === 'object' && given !== null ? given : {})
    .filter(([, value]) => [value].flat().some((one) => typeof one === 'string' && one.includes('\0')))
    .map(([field]) => ({ field: field.slice(0, 40), problem: 'bad_characters' }))

/**
 * Returns what a caller handed in, folded into stored form and checked against the fields this actor may write. `index` is the place in a batch.
 * Throws `unknown_key` (hidden and absent fields alike), `masked_input`, `input_invalid`, each with the problems.
 */
export const inputOf = (scope: Scope, given: unknown, mode: 'create' | 'update', index?: number): Record<string, unknown> => {
  const declared = catalogue[scope.entity] as Entity
  const entity = { ...declared, fields: withoutUnwritable(scope, declared.fields) }
  const nuls = nulFields(given)
  if (nuls.length > 0) throw refusalOf(nuls, index)
  const checked = checkInput(entity, normaliseInput(entity, given), mode)
  if (checked.problems)
    throw refusalOf(
      checked.problems.map(({ field, problem }) => ({ field, problem })),
      index,
    )
  return checked.value
}
