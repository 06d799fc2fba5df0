import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { Refusal, Usage } from './refusal.ts'

/** A parsed command line: words after the verb, and options by name. */
export type Arguments = { readonly words: readonly string[]; readonly options: Readonly<Record<string, string | boolean | undefined>> }

const common = { json: { type: 'boolean' }, data: { type: 'string' }, config: { type: 'string' } } as const

/** Reads a verb's command line. `names` are its options with a value, `flags` those without, beside `--json`, `--data` and `--config`. Throws `Usage`. */
export const readArguments = (argv: readonly string[], names: readonly string[], flags: readonly string[] = []): Arguments => {
  try {
    const own = Object.fromEntries([
      ...names.map((name) => [name, { type: 'string' as const }] as const),
      ...flags.map((name) => [name, { type: 'boolean' as const }] as const),
    ])
    const { values, positionals } = parseArgs({ args: [...argv], options: { ...own, ...common }, strict: true, allowPositionals: true })
    return { words: positionals, options: values as Arguments['options'] }
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : 'unreadable')
  }
}

/** Returns an option's value. Throws `Usage` when it is missing. */
export const need = ({ options }: Arguments, name: string): string => {
  const value = options[name]
  if (typeof value !== 'string' || value === '') throw new Usage(`--${name} is missing`)
  return value
}

/** Returns an option's value, or undefined. */
export const optional = ({ options }: Arguments, name: string): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** Returns the first line of the file that an option names: a password on the command line would show in the process list. */
export const secretFrom = (given: Arguments, name: string): string => {
  const file = resolve(process.env['INIT_CWD'] ?? process.cwd(), need(given, name))
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? ''
  } catch {
    throw new Refusal('file_unreadable', { file })
  }
}

/** Returns `--data` and `--config` as a server's command line, with absolute paths. */
export const placesOf = (given: Arguments): string[] =>
  (['data', 'config'] as const).flatMap((name) => {
    const value = optional(given, name)
    return value === undefined ? [] : [`--${name}`, resolve(process.env['INIT_CWD'] ?? process.cwd(), value)]
  })

/** Returns the data folder by the server's own rules. Throws `Refusal`. */
export const dataDirOf = (given: Arguments, env: NodeJS.ProcessEnv): string => readConfig(placesOf(given), env).dataDir
