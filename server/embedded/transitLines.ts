import type { Line } from './startErrorLines.ts'

/** By `problem` of `config_invalid`, where it is about how the server is reached or what it sends out. */
export const transitLines: Record<string, Line> = {
  tls_needed: {
    zh: '{option} 不是本机地址：在网络上只以 TLS 提供服务，请设置 ANECHOIC_TLS（files、acme、localCa 或 proxy），见 docs/operations.md。',
    en: '{option} is not an address of this machine alone: on a network only TLS is served; set ANECHOIC_TLS (files, acme, localCa or proxy), see docs/operations.md.',
  },
  port_privileged: {
    zh: '端口 {port} 需要权限：以 root 启动（服务随即换成普通账户），或执行 sysctl net.ipv4.ip_unprivileged_port_start=80，或换一个 1024 以上的端口。',
    en: 'Port {port} needs a privilege: start as root (the server then becomes an ordinary account), or run sysctl net.ipv4.ip_unprivileged_port_start=80, or take a port from 1024 on.',
  },
  host_elsewhere: {
    zh: 'ANECHOIC_HOST 的 {host} 不是本机的地址或名称：要监听所有地址请用 0.0.0.0 或 ::。',
    en: 'ANECHOIC_HOST: {host} is no address or name of this machine; use 0.0.0.0 or :: for all of its addresses.',
  },
  proxy_loopback: {
    zh: '{option}：TLS 由代理终结（ANECHOIC_TLS=proxy）时只能监听 localhost、127.x.x.x 或 ::1。',
    en: '{option}: with ANECHOIC_TLS=proxy it must be localhost, 127.x.x.x or ::1, since TLS ends before it.',
  },
  not_a_host: { zh: '{option} 不是主机名或 IP 地址。', en: '{option} is neither a host name nor an IP address.' },
  not_a_tls: { zh: '{option} 只能是 files、acme、localCa 或 proxy。', en: '{option} must be files, acme, localCa or proxy.' },
  not_with_this_tls: {
    zh: '{option} 与当前的 ANECHOIC_TLS 设置不配：请删掉它，或改用与之对应的方式。',
    en: '{option} does not go with ANECHOIC_TLS as it is set: leave it out, or choose the kind it belongs to.',
  },
  not_a_name: {
    zh: '{option} 里有一项不是主机名或 IP 地址。',
    en: '{option} holds something that is neither a host name nor an IP address.',
  },
  name_first: {
    zh: '{option} 的第一项必须是主机名：通行密钥不接受 IP 地址。',
    en: '{option} must begin with a host name: passkeys refuse bare addresses.',
  },
  acme_address: { zh: '{option}：ACME 证书只能用于主机名。', en: '{option}: a certificate by ACME is for host names only.' },
  not_proxies: {
    zh: '{option} 必须是以逗号分隔的 IP 地址或网段（如 127.0.0.1,10.0.0.0/24），不能是全部地址。',
    en: '{option} must be addresses or ranges with commas between them (127.0.0.1,10.0.0.0/24), and not everybody.',
  },
  acme_not_https: { zh: '{option} 必须是 https:// 地址。', en: '{option} must be an https:// address.' },
  acme_agree: {
    zh: '使用 ACME 前请阅读证书机构的服务条款，同意后设置 {option}=yes。',
    en: "Read the certificate authority's terms of service first; if you agree, set {option}=yes.",
  },
  not_a_challenge: { zh: '{option} 只能是 http-01 或 dns-01。', en: '{option} must be http-01 or dns-01.' },
  without_dns: {
    zh: '设了 {option}，但 ANECHOIC_ACME_CHALLENGE 不是 dns-01。',
    en: '{option} is set, but ANECHOIC_ACME_CHALLENGE is not dns-01.',
  },
  not_a_dns_provider: { zh: '{option} 只能是 aliyun 或 dnspod。', en: '{option} must be aliyun or dnspod.' },
  not_the_zone: {
    zh: '{option} 必须是所有公开名称所在的域名，例如 example.com。',
    en: '{option} must be the domain that all public names are in, such as example.com.',
  },
  not_a_credential: { zh: '{option} 必须是 4 到 256 个可见的 ASCII 字符。', en: '{option} must be 4 to 256 visible ASCII characters.' },
  not_an_address: { zh: '{option} 不是邮箱地址。', en: '{option} is not a mail address.' },
  not_places: {
    zh: '{option} 必须是以逗号分隔的 主机 或 主机:端口。',
    en: '{option} must be host or host:port, with commas between them.',
  },
  not_smtp: {
    zh: '{option} 必须是 smtps:// 或 smtp:// 地址，不带路径。',
    en: '{option} must be an smtps:// or smtp:// address without a path.',
  },
  without_smtp_url: { zh: '设了 {option}，却没有 ANECHOIC_SMTP_URL。', en: '{option} is set without ANECHOIC_SMTP_URL.' },
  certificate_unreadable: {
    zh: '无法读取证书或私钥文件 {file}：请检查路径和权限（以 root 启动时，系统用户 anechoic 必须能读它）。',
    en: 'Cannot read the certificate or key file {file}: check path and rights (started by root, the system user anechoic must be able to read it).',
  },
  certificate_format: {
    zh: '{file} 不是 PEM 格式的证书或私钥（私钥不能有密码）。',
    en: '{file} is not a certificate or key in PEM (a key must have no passphrase).',
  },
  certificate_key: { zh: '私钥与证书 {file} 不配。', en: 'The private key is not the one of the certificate {file}.' },
  certificate_expired: {
    zh: '证书 {file} 已于 {at} 过期：请换上新的证书。',
    en: 'The certificate {file} expired at {at}: put a new one in its place.',
  },
  certificate_not_yet: {
    zh: '证书 {file} 要到 {at} 才生效：请检查本机时钟。',
    en: 'The certificate {file} is valid only from {at}: check the clock of this machine.',
  },
  certificate_name: {
    zh: '证书 {file} 不包含名称 {name}：请申请包含它的证书，或修改 ANECHOIC_PUBLIC_NAME。',
    en: 'The certificate {file} is not for {name}: get one that is, or change ANECHOIC_PUBLIC_NAME.',
  },
  certificate_chain: {
    zh: '证书 {file} 的顺序不对：自己的证书在前，后面依次是各级签发者。',
    en: 'The certificates in {file} are out of order: your own first, then each one’s issuer.',
  },
  certificate_weak: {
    zh: '证书 {file} 的密钥太弱：RSA 至少 2048 位，或用 EC P-256 以上。',
    en: 'The key of the certificate {file} is too weak: RSA of 2048 bits at least, or EC P-256 and up.',
  },
  authority_names: {
    zh: '本地 CA 只为 {found} 签发：名称 {name} 不在其内。请把 {file} 移走以新建 CA（各设备需重新信任），或改回原来的名称。',
    en: 'The local authority vouches for {found} only, not for {name}: move {file} away to make a new one (each device must trust it anew), or take the old name.',
  },
}
