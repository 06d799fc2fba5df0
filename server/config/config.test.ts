import { expect, test } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import { readConfig } from '../config.ts'
import { explainStartError } from '../embedded/startErrors.ts'
import { publicOrigin } from './publicOrigin.ts'

const read = (env: Record<string, string>) =>
  readConfig([], Object.fromEntries(Object.entries(env).map(([name, value]) => [`ANECHOIC_${name}`, value])))

const files = { TLS: 'files', TLS_CERT_FILE: '/c.pem', TLS_KEY_FILE: '/k.pem', PUBLIC_NAME: 'crm.dealer.example' }
const acme = { TLS: 'acme', ACME_AGREE: 'yes', PUBLIC_NAME: 'crm.dealer.example' }
const dns = {
  ...acme,
  ACME_CHALLENGE: 'dns-01',
  DNS_PROVIDER: 'aliyun',
  DNS_ID: 'LTAIxxxx',
  DNS_SECRET: 'geheimnis',
  DNS_ZONE: 'dealer.example',
}
const proxy = { TLS: 'proxy', PUBLIC_NAME: 'crm.dealer.example', TRUSTED_PROXIES: '127.0.0.1' }
const mail = { SMTP_URL: 'smtps://crm:geheim@mail.example', MAIL_FROM: 'crm@dealer.example' }

test('without a word it is plain HTTP on this machine only', () => {
  const config = read({})
  expect(config).toMatchObject({
    host: 'localhost',
    tls: null,
    publicNames: [],
    httpPort: null,
    trustedProxies: [],
    mail: null,
    outgoingAllow: [],
  })
  expect(publicOrigin(config)).toEqual({
    scheme: 'http',
    names: ['localhost'],
    rpId: 'localhost',
    origin: 'http://localhost:7410',
    origins: ['http://localhost:7410'],
  })
})

test('own files, a local authority, ACME and a proxy in front, each with what belongs to it', () => {
  const own = read({ ...files, HOST: '0.0.0.0', PORT: '443' })
  expect(own).toMatchObject({ host: '0.0.0.0', tls: { kind: 'files', certFile: '/c.pem', keyFile: '/k.pem' }, httpPort: null })
  expect(publicOrigin(own)).toMatchObject({ scheme: 'https', rpId: 'crm.dealer.example', origin: 'https://crm.dealer.example' })
  const local = read({ TLS: 'localCa', HOST: '::', PUBLIC_NAME: 'CRM.shop.lan, 192.168.1.10, fd00::1', HTTP_PORT: '8080' })
  expect(local).toMatchObject({ tls: { kind: 'localCa' }, publicNames: ['crm.shop.lan', '192.168.1.10', 'fd00::1'], httpPort: 8080 })
  expect(publicOrigin(local).origins).toEqual(['https://crm.shop.lan:7410', 'https://192.168.1.10:7410', 'https://[fd00::1]:7410'])
  expect(read({ ...acme, HOST: 'crm.dealer.example' })).toMatchObject({ httpPort: 80, tls: { dns: null, email: null, caFile: null } })
  expect(read(dns)).toMatchObject({ httpPort: null, tls: { kind: 'acme', dns: { provider: 'aliyun', zone: 'dealer.example' } } })
  expect(publicOrigin(read(proxy)).origin).toBe('https://crm.dealer.example')
  expect(publicOrigin(read({ ...files, PUBLIC_PORT: '8443' })).origin).toBe('https://crm.dealer.example:8443')
  expect(read(mail).mail).toEqual({ url: mail.SMTP_URL, from: mail.MAIL_FROM, caFile: null })
  expect(read({ OUTGOING_ALLOW: 'nas.lan, 192.168.1.5:8443' }).outgoingAllow).toEqual(['nas.lan', '192.168.1.5:8443'])
})

test.each([
  [{ HOST: '0.0.0.0' }, 'HOST', 'tls_needed'],
  [{ HOST: 'crm.lan' }, 'HOST', 'tls_needed'],
  [{ HOST: 'a b' }, 'HOST', 'not_a_host'],
  [{ HOST: '127.0.0.999' }, 'HOST', 'not_a_host'],
  [{ ...proxy, HOST: '0.0.0.0' }, 'HOST', 'proxy_loopback'],
  [{ ...files, TLS: 'on' }, 'TLS', 'not_a_tls'],
  [{ ...files, PUBLIC_NAME: '' }, 'PUBLIC_NAME', 'missing'],
  [{ ...files, PUBLIC_NAME: '192.168.1.10' }, 'PUBLIC_NAME', 'name_first'],
  [{ ...files, PUBLIC_NAME: 'crm_1.lan' }, 'PUBLIC_NAME', 'not_a_name'],
  [{ ...files, PUBLIC_NAME: 'crm.lan:443' }, 'PUBLIC_NAME', 'not_a_name'],
  [{ ...files, PUBLIC_NAME: 'https://crm.lan' }, 'PUBLIC_NAME', 'not_a_name'],
  [{ ...acme, PUBLIC_NAME: 'crm.lan,1.2.3.4' }, 'PUBLIC_NAME', 'acme_address'],
  [{ PUBLIC_NAME: 'crm.lan' }, 'PUBLIC_NAME', 'not_with_this_tls'],
  [{ HTTP_PORT: '80' }, 'HTTP_PORT', 'not_with_this_tls'],
  [{ ...acme, TLS_KEY_FILE: '/k' }, 'TLS_KEY_FILE', 'not_with_this_tls'],
  [{ ...files, DNS_SECRET: 'geheimnis' }, 'DNS_SECRET', 'not_with_this_tls'],
  [{ ...files, TLS_CERT_FILE: '' }, 'TLS_CERT_FILE', 'missing'],
  [{ ...files, TLS_KEY_FILE: 'key.pem' }, 'TLS_KEY_FILE', 'not_absolute'],
  [{ ...files, HTTP_PORT: '99999' }, 'HTTP_PORT', 'not_a_port'],
  [{ ...proxy, TRUSTED_PROXIES: '' }, 'TRUSTED_PROXIES', 'missing'],
  [{ TRUSTED_PROXIES: 'loopback' }, 'TRUSTED_PROXIES', 'not_proxies'],
  [{ TRUSTED_PROXIES: '0.0.0.0/0' }, 'TRUSTED_PROXIES', 'not_proxies'],
  [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES', 'not_proxies'],
  [{ TRUSTED_PROXIES: 'true' }, 'TRUSTED_PROXIES', 'not_proxies'],
  [{ ...acme, ACME_AGREE: 'no' }, 'ACME_AGREE', 'acme_agree'],
  [{ ...acme, ACME_DIRECTORY: 'http://ca.lan/dir' }, 'ACME_DIRECTORY', 'acme_not_https'],
  [{ ...acme, ACME_EMAIL: 'a@b,c@d' }, 'ACME_EMAIL', 'not_an_address'],
  [{ ...acme, ACME_CHALLENGE: 'tls-alpn-01' }, 'ACME_CHALLENGE', 'not_a_challenge'],
  [{ ...acme, DNS_ZONE: 'dealer.example' }, 'DNS_ZONE', 'without_dns'],
  [{ ...dns, DNS_PROVIDER: 'bind' }, 'DNS_PROVIDER', 'not_a_dns_provider'],
  [{ ...dns, DNS_ZONE: 'ealer.example' }, 'DNS_ZONE', 'not_the_zone'],
  [{ ...dns, DNS_SECRET: 'zwei zeilen' }, 'DNS_SECRET', 'not_a_credential'],
  [{ ...dns, DNS_ID: '' }, 'DNS_ID', 'missing'],
  [{ OUTGOING_ALLOW: 'https://nas.lan' }, 'OUTGOING_ALLOW', 'not_places'],
  [{ OUTGOING_ALLOW: '*' }, 'OUTGOING_ALLOW', 'not_places'],
  [{ OUTGOING_ALLOW: 'nas.lan:0' }, 'OUTGOING_ALLOW', 'not_places'],
  [{ ...mail, SMTP_URL: 'http://u:geheim@mail.example' }, 'SMTP_URL', 'not_smtp'],
  [{ ...mail, SMTP_URL: 'smtps://mail.example/?tls.rejectUnauthorized=false' }, 'SMTP_URL', 'not_smtp'],
  [{ ...mail, MAIL_FROM: 'CRM <a@b>' }, 'MAIL_FROM', 'not_an_address'],
  [{ SMTP_URL: mail.SMTP_URL }, 'MAIL_FROM', 'missing'],
  [{ MAIL_FROM: mail.MAIL_FROM }, 'MAIL_FROM', 'without_smtp_url'],
] as [Record<string, string>, string, string][])('%j is refused by name: %s, %s', (env, option, problem) => {
  let thrown: unknown
  try {
    read(env)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(AppError)
  expect((thrown as AppError).details).toEqual({ option: `ANECHOIC_${option}`, problem })
  for (const LANG of ['zh_CN.UTF-8', 'C']) {
    const line = explainStartError(thrown, { LANG })
    expect(line).toContain(`ANECHOIC_${option}`)
    expect(line).not.toMatch(/geheim|\n|启动失败|The start failed/)
  }
})
