import pg from 'pg'
import { AppError } from '../../domain/errors.ts'

/** Parameters that weaken or redirect the certificate check in node-postgres, whatever `sslmode` says. */
const refused = ['uselibpqcompat', 'ssl', 'sslnegotiation']

/**
 * `url` with a connection that cannot be listened to: on loopback and Unix sockets as it stands, to any other host with `sslmode=verify-
 * full`
 * (libpq 18, section 32.19.1), which is added when no mode is given. Throws `config_invalid` for a weaker mode: an operator who wrote
 * `sslmode=require` believes to be safe, and with libpq would not be. `option` names the setting in that error.
 */
export function verifyTls(url: string, option: string): string {
  const { host, database } = targetOf(url, option)
  if (host === '') throw new AppError('config_invalid', { option, problem: 'no_host' })
  if (database === '') throw new AppError('config_invalid', { option, problem: 'no_database' })
  if (host.startsWith('/') || /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host)) return url
  const parsed = new URL(url)
  for (const parameter of refused) {
    if (parsed.searchParams.has(parameter)) throw new AppError('config_invalid', { option, problem: 'tls_option', parameter })
  }
  const modes = parsed.searchParams.getAll('sslmode')
  if (modes.some((mode) => mode !== 'verify-full')) throw new AppError('config_invalid', { option, problem: 'tls_required', host })
  parsed.searchParams.set('sslmode', 'verify-full')
  return parsed.href
}

/** Host and database as the driver itself understands the URL (`?host=` outranks the host in front), so the check cannot be talked past. */
function targetOf(url: string, option: string): { host: string; database: string } {
  let config: { host?: string | undefined; database?: string | undefined }
  try {
    config = new pg.Client({ connectionString: url })
  } catch {
    throw new AppError('config_invalid', { option, problem: 'tls_file' }) // the driver reads certificate files here
  }
  return { host: config.host ?? '', database: config.database ?? '' }
}
