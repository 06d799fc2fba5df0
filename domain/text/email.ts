/** Why an e-mail address is refused. */
export type EmailProblem = 'empty' | 'not_an_email' | 'too_long'

// The 'valid e-mail address' of the HTML standard (forms, type=email), with international local parts (RFC 6531) and at least one dot.
const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?'
const shape = new RegExp(`^[\\p{L}\\p{N}.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})+$`, 'u')

/**
 * Returns the address as it is stored and matched: full-width signs folded, `mailto:` and the `Name <a@b>` wrapping removed, domain in
 * lower case (the local part keeps its case: RFC 5321, 2.4), or the problem. Length limits: 64 for the local part, 254 in all (RFC
 * 5321, 4.5.3).
 */
export function normaliseEmail(input: string): { email: string } | { problem: EmailProblem } {
  const folded = input
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g, ' ')
    .trim()
  if (folded === '') return { problem: 'empty' }
  const address = (/^[^<>]*<([^<>]+)>$/.exec(folded)?.[1] ?? folded)
    .replace(/^mailto:/i, '')
    .replace(/。/g, '.')
    .trim()
  if (address.length > 254) return { problem: 'too_long' }
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const oddDots = local.startsWith('.') || local.endsWith('.') || local.includes('..')
  if (!shape.test(address) || oddDots || local.length > 64) return { problem: 'not_an_email' }
  return { email: `${local}@${address.slice(at + 1).toLowerCase()}` }
}

/** Returns the pieces of a cell that holds several addresses, parted by comma, semicolon, slash, 、 or blanks. Never an empty piece. */
export function splitEmails(cell: string): string[] {
  const folded = cell.normalize('NFKC')
  if (/<[^<>]+>/.test(folded))
    return folded
      .split(/[,;、\n]+/)
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '')
  return folded.split(/[\s,;、/|]+/).filter((piece) => piece !== '')
}
