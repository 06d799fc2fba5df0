import { isAbsolute } from 'node:path'
import { AppError } from '../../domain/errors.ts'

/** A setting as it was found: the name to blame in an error, and its text. */
export type Source = { readonly name: string; readonly value: string }

/** Finds a setting by its key in the file. */
export type Find<Key extends string> = (key: Key) => Source | null

/** The error of a setting: `startErrors` has a line for each `problem`. */
export const invalid = (option: string, problem: string): AppError => new AppError('config_invalid', { option, problem })

/** The setting, which must be there. Throws `missing`, by the name of its variable. */
export const required = (source: Source | null, variable: string): Source => {
  if (source === null) throw invalid(variable, 'missing')
  return source
}

/** A full path, or null where nothing is set: the server does not run where the setting was written. Throws `not_absolute`. */
export const readPath = (source: Source | null): string | null => {
  if (source !== null && !isAbsolute(source.value)) throw invalid(source.name, 'not_absolute')
  return source?.value ?? null
}

/** The parts of a list with commas, without blanks; empty where nothing is set. */
export const readList = (source: Source | null): string[] =>
  (source?.value ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** A port from 0 (any free one, for tests) to 65535. Throws `not_a_port`. */
export const readPort = (source: Source): number => {
  const port = /^\d{1,5}$/.test(source.value) ? Number(source.value) : -1
  if (port < 0 || port > 65_535) throw invalid(source.name, 'not_a_port')
  return port
}

/** Whether this is a DNS name as hosts have them (RFC 1123 2.1): letters, digits and hyphens, labels of at most 63. */
export const isHostName = (text: string): boolean =>
  text.length <= 253 && /^(?=.*[a-z])[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i.test(text)
