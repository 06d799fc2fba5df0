import { type Arguments, need, optional, secretFrom } from './arguments.ts'
import { untilReady } from './reachServer.ts'
import type { Client } from './socketClient.ts'

/** What a verb found: the one JSON value, and lines for people. `failed`: exit code 1 although the value is printed. */
export type Outcome = { readonly value: unknown; readonly lines: readonly string[]; readonly failed?: boolean }

/** A verb of the CLI. `options` are its options with a value; `offline` verbs need no server. */
export type Verb = {
  readonly usage: string
  readonly options: readonly string[]
  /** Options without a value. */
  readonly flags?: readonly string[]
  readonly run: (given: Arguments, client: Client) => Promise<Outcome>
}

/** Options of verbs that act as a member of staff. */
export const staffOptions = ['as', 'password-file', 'code'] as const

/** The variable with a program's token (DESIGN 7): it acts instead of somebody who signs in. */
const tokenVariable = 'ANECHOIC_TOKEN'

/** Signs in as the member of staff the command line names, or takes the token of a program from the environment where it names none. Being root on the machine is no right to read customers (DESIGN 7). */
export const signInAs = async (given: Arguments, client: Client): Promise<void> => {
  const token = process.env[tokenVariable]
  if (optional(given, 'as') === undefined && token !== undefined && token !== '') {
    await untilReady(client)
    return client.useToken(token)
  }
  const login = need(given, 'as')
  const password = secretFrom(given, 'password-file')
  await untilReady(client)
  await client.signIn(login, password, optional(given, 'code'))
}
