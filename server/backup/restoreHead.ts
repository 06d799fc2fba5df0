import type { Restored, RestoreSource } from './restoreBackup.ts'

/**
 * The first line that a restoring server reads from its standard input, as JSON; the bytes of the key copy and of the data follow. It holds the kit's
 * identity: a pipe shows nobody what goes through it, as an argument or a file would.
 */
export type RestoreHead = Omit<RestoreSource, 'keys' | 'data'> & {
  readonly keysBytes: number
  readonly dataBytes: number
  /** For a new root that a passphrase opens; null for a key file. */
  readonly passphrase: string | null
}

/** What it prints on standard output, as one line of JSON. */
export type RestoreAnswer =
  | { readonly restored: Restored }
  | { readonly error: { readonly code: string; readonly details: Record<string, unknown> } }
