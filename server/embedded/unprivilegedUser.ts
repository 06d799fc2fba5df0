import { readFileSync } from 'node:fs'

/** A system account that the database may run as. */
export type SystemUser = { name: string; uid: number; gid: number }

/** Accounts tried in this order; the first is the one the launcher creates for the product, the others serve test runs of root. */
const candidates = ['anechoic', 'postgres', 'nobody']

/**
 * The account that PostgreSQL runs as when this process is root (PostgreSQL refuses root), from /etc/passwd; null when this process is not
 * root or there is none.
 */
export function unprivilegedUser(passwd = '/etc/passwd'): SystemUser | null {
  if (process.getuid?.() !== 0) return null
  const lines = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of candidates) {
    const line = lines.find((parts) => parts[0] === name)
    const uid = Number(line?.[2])
    const gid = Number(line?.[3])
    if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { name, uid, gid }
  }
  return null
}
