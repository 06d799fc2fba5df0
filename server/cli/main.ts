import { AppError } from '../../domain/errors.ts'
import { explainStartError } from '../embedded/startErrors.ts'
import { dataDirOf, readArguments } from './arguments.ts'
import { reachServer } from './reachServer.ts'
import { Refusal, Usage } from './refusal.ts'
import type { Client } from './socketClient.ts'
import type { Verb } from './verb.ts'
import { audit } from './verbs/audit.ts'
import { backup } from './verbs/backup.ts'
import { doctor } from './verbs/doctor.ts'
import { importVerb } from './verbs/import.ts'
import { key } from './verbs/key.ts'
import { restore } from './verbs/restore.ts'
import { search } from './verbs/search.ts'
import { setup } from './verbs/setup.ts'
import { user } from './verbs/user.ts'

const verbs: Readonly<Record<string, Verb>> = { setup, import: importVerb, search, audit, backup, restore, doctor, user, key }
const later = ['export', 'witness']

type Reached = Awaited<ReturnType<typeof reachServer>>

// Reached with the first request: a command line that is wrong, or a file that is missing, starts no server.
const whenAsked = (reach: () => Promise<Reached>): Reached => {
  let reached: Promise<Reached> | null = null
  const client = async (): Promise<Client> => (await (reached ??= reach())).client
  return {
    client: {
      send: async (...of) => (await client()).send(...of),
      call: async <T>(...of: [string, string, unknown?]) => (await client()).call<T>(...of),
      download: async (...of) => (await client()).download(...of),
      upload: async <T>(...of: Parameters<Client['upload']>) => (await client()).upload<T>(...of),
      signIn: async (...of) => (await client()).signIn(...of),
      useToken: async (...of) => (await client()).useToken(...of),
      signOut: async () => (await client()).signOut(),
    },
    leave: async () => (await reached)?.leave(),
  }
}

/** Runs one verb and returns its exit code: 0, 1 (refused, with reasons), 2 (usage). With `--json` stdout gets exactly one JSON value. */
export const runCli = async (
  argv: readonly string[],
  print: (line: string) => void,
  warn: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<0 | 1 | 2> => {
  const [name = '', ...rest] = argv
  const json = rest.includes('--json')
  const refuse = (code: string, details: Record<string, unknown>): 1 => {
    if (json) print(JSON.stringify({ error: { code, details } }))
    else warn(`anechoic ${name}: ${code}${Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : ''}`)
    return 1
  }
  if (later.includes(name)) return refuse('not_in_this_version', { verb: name })
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  try {
    if (!verb) throw new Usage(`verbs: ${[...Object.keys(verbs), ...later].join(' ')}`)
    const given = readArguments(rest, verb.options, verb.flags)
    const { client, leave } = whenAsked(() => reachServer(dataDirOf(given, env)))
    try {
      const { value, lines, failed } = await verb.run(given, client)
      if (json) print(JSON.stringify(value))
      else for (const line of lines) print(line)
      return failed ? 1 : 0
    } finally {
      await leave()
    }
  } catch (error) {
    if (error instanceof Usage) {
      if (json) print(JSON.stringify({ error: { code: 'usage', details: { problem: error.message } } }))
      warn(`${error.message}\nanechoic ${verb?.usage ?? '<verb> …'}`)
      return 2
    }
    if (error instanceof Refusal) return refuse(error.code, error.details)
    if (error instanceof AppError) return refuse(error.code, { ...error.details, reason: explainStartError(error) })
    throw error
  }
}

if (import.meta.main) {
  // `… | head` closes the pipe early; that is no fault.
  process.stdout.on('error', () => process.exit(0))
  process.exitCode = await runCli(
    process.argv.slice(2),
    (line) => void process.stdout.write(`${line}\n`),
    (line) => void process.stderr.write(`${line}\n`),
  )
}
