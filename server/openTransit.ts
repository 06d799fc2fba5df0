import { readFileSync } from 'node:fs'
import { AppError } from '../domain/errors.ts'
import type { Config } from './config.ts'
import type { DnsConfig } from './config/transit.ts'
import type { Log } from './http/log.ts'
import { openAcme } from './tls/acme.ts'
import { aliyunDns } from './tls/dns/aliyun.ts'
import type { DnsProvider } from './tls/dns/dnsProvider.ts'
import { dnspodDns } from './tls/dns/dnspod.ts'
import type { CertificateEvents, LiveCertificate } from './tls/liveCertificate.ts'
import { type Authority, openLocalCa } from './tls/localCa.ts'
import { openOwnCertificate } from './tls/ownCertificate.ts'

/** What the listeners need: a certificate, what the plain one answers to an authority, and the local authority to hand out. */
export type Transit = {
  /** Null: TLS is not ours to serve. */
  readonly certificate: LiveCertificate | null
  readonly answers: Map<string, string>
  readonly authority: Authority | null
}

const dnsOf = ({ provider, ...account }: DnsConfig): DnsProvider => (provider === 'aliyun' ? aliyunDns(account) : dnspodDns(account))

/** The PEM of a certificate authority of one's own, or null. Throws `config_invalid` (`unreadable`). */
export const readCaFile = (file: string | null): string | null => {
  try {
    return file === null ? null : readFileSync(file, 'utf8')
  } catch {
    throw new AppError('config_invalid', { option: file ?? '', problem: 'unreadable' })
  }
}

/** Opens the certificate that the configuration asks for. Throws `config_invalid` for one that cannot be served; one by ACME may still be on its way. */
export const openTransit = async ({ tls, publicNames: names, dataDir, listen }: Config, log: Log): Promise<Transit> => {
  const answers = new Map<string, string>()
  if (tls === null || tls.kind === 'proxy' || !listen) return { certificate: null, answers, authority: null }
  const on: CertificateEvents = (event) => (event === 'certificate_problem' ? log.warn : log.info)(event, { kind: tls.kind })
  if (tls.kind === 'files') return { certificate: await openOwnCertificate({ ...tls, names, on }), answers, authority: null }
  if (tls.kind === 'localCa') {
    const certificate = await openLocalCa({ dataDir, names, on })
    return { certificate, answers, authority: certificate.authority }
  }
  const { directory, email } = tls
  const ca = readCaFile(tls.caFile)
  const dns = tls.dns === null ? null : { provider: dnsOf(tls.dns), zone: tls.dns.zone }
  return { certificate: await openAcme({ dataDir, names, directory, email, ca, dns, answers, on }), answers, authority: null }
}
