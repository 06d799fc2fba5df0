import { hash } from 'node:crypto'

/** SQL text with the name under which each connection keeps it prepared. */
export type Statement = { readonly name: string; readonly text: string }

const known = new Map<string, Statement>()

/** Returns the prepared statement for `text`; one name per text. For texts of a bounded number only: each stays prepared on every connection. */
export const statement = (text: string): Statement => {
  const found = known.get(text)
  if (found) return found
  const made = { name: hash('sha256', text, 'base64url').slice(0, 20), text }
  known.set(text, made)
  return made
}
