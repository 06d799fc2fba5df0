import { AppError } from '../../../domain/errors.ts'

/** Splits `version` from the rest of a change. Throws `input_invalid` when it is missing or no positive whole number. */
export const versionOf = (body: Record<string, unknown>): { version: number; rest: Record<string, unknown> } => {
  const { version, ...rest } = body
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    throw new AppError('input_invalid', { problems: [{ field: 'version', problem: version === undefined ? 'required' : 'wrong_type' }] })
  }
  return { version, rest }
}
