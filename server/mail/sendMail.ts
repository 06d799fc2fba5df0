import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import { AppError } from '../../domain/errors.ts'
import { type Resolve, resolveTarget } from '../outgoing/resolveTarget.ts'
import { tlsProblem } from '../outgoing/tlsProblem.ts'

/** `url`: `smtps://` (TLS from the first byte) or `smtp://` (STARTTLS, which is then required), with user and password where the server wants them. */
export type MailServer = {
  readonly url: string
  /** The sender, `name@example.com`. */
  readonly from: string
  /** A certificate authority of one's own, PEM. */
  readonly ca?: string
  /** Milliseconds for each step of the exchange; default 10 s. */
  readonly timeoutMs?: number
  /** For tests: what names stand for. */
  readonly resolve?: Resolve
}

/** A notice or an invitation to one of the staff. Nothing of a customer ever goes by mail: it lies on servers of others, in the clear, for years. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

const usualPorts = { 'smtps:': 465, 'smtp:': 587 } as const

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)

const invalid = (field: string): AppError => new AppError('input_invalid', { problems: [{ field, problem: 'format' }] })

// One address and nothing else: no list, no display name, no header after it (CWE-93). Local parts as mail providers give them out.
const address = /^[\w.+-]{1,64}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,63}$/i

/** Whether this is one plain mail address, such as `name@example.com`. */
export const isMailAddress = (text: string): boolean => text.length <= 254 && address.test(text)

const check = ({ to, subject, text }: Mail): void => {
  if (!isMailAddress(to)) throw invalid('to')
  if (subject === '' || subject.length > 200 || /[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(subject)) throw invalid('subject')
  if (text.length > 20_000 || text.includes('\u0000')) throw invalid('text')
}

const problemOf = (error: unknown): string => {
  const { code, originalCode, responseCode } = error as { code?: unknown; originalCode?: unknown; responseCode?: unknown }
  if (code === 'EAUTH') return 'sign_in'
  if (code === 'ETIMEDOUT') return 'timeout'
  // The server has no STARTTLS, or would not begin it.
  if (code === 'ETLS') return 'tls'
  return typeof responseCode === 'number' ? `status_${responseCode}` : tlsProblem(originalCode)
}

/**
 * Hands a mail to the configured server, over TLS with a verified certificate (RFC 8314); in the clear to loopback only. Resolves when the server has taken it.
 * Throws `input_invalid` for what is no address, subject or text; `outgoing_failed` (`name`, `connection`, `certificate`, `tls`, `timeout`, `sign_in`,
 * `status_NNN`); never with what the server wrote.
 */
export const sendMail = async (server: MailServer, mail: Mail): Promise<void> => {
  check(mail)
  const url = new URL(server.url)
  const port = Number(url.port || usualPorts[url.protocol as keyof typeof usualPorts])
  const target = await resolveTarget(url.hostname, port, {
    // The owner named it: a mail server of one's own stands in the shop's network.
    allow: [`${url.hostname.replaceAll(/[[\]]/g, '')}:${port}`],
    ...(server.resolve === undefined ? {} : { resolve: server.resolve }),
  })
  const timeout = server.timeoutMs ?? 10_000
  const secure = url.protocol === 'smtps:'
  const transport = createTransport({
    host: target.addresses[0]!.address,
    port,
    secure,
    requireTLS: !secure && !isLoopback(url.hostname),
    ...(isLoopback(url.hostname) && !secure ? { ignoreTLS: true } : {}),
    tls: {
      // RFC 6066 3: no address as a server name; the certificate is then compared with the address itself.
      ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(server.ca === undefined ? {} : { ca: server.ca }),
    },
    ...(url.username === '' ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      from: server.from,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
  } catch (cause) {
    throw new AppError('outgoing_failed', { problem: problemOf(cause) }, { cause })
  } finally {
    transport.close()
  }
}
