import type { Authority } from '../tls/localCa.ts'

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

type Steps = { readonly device: string; readonly zh: string; readonly en: string }

// By each platform's own help pages; HarmonyOS by its settings' names. Said plainly in docs/operations.md: not tried on every version.
const steps: readonly Steps[] = [
  {
    device: 'Windows',
    zh: '下载并打开 anechoic-ca.crt → 安装证书 → 当前用户（或本地计算机）→ 将所有证书放入下列存储 → 受信任的根证书颁发机构 → 完成。',
    en: 'Download and open anechoic-ca.crt → Install Certificate → Current User (or Local Machine) → Place all certificates in the following store → Trusted Root Certification Authorities → Finish.',
  },
  {
    device: 'macOS',
    zh: '下载并打开 anechoic-ca.crt，加入“登录”钥匙串；在“钥匙串访问”里双击它 → 信任 → 使用此证书时：始终信任。',
    en: 'Download and open anechoic-ca.crt and add it to the login keychain; in Keychain Access double-click it → Trust → When using this certificate: Always Trust.',
  },
  {
    device: 'iPhone / iPad',
    zh: '用 Safari 下载 → 设置 → 已下载描述文件 → 安装；然后 设置 → 通用 → 关于本机 → 证书信任设置 → 打开它。',
    en: 'Download with Safari → Settings → Profile Downloaded → Install; then Settings → General → About → Certificate Trust Settings → switch it on.',
  },
  {
    device: 'Android',
    zh: '下载 → 设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书 → 仍然安装 → 选择下载的文件。',
    en: 'Download → Settings → Security → Encryption & credentials → Install a certificate → CA certificate → Install anyway → choose the downloaded file.',
  },
  {
    device: 'HarmonyOS 鸿蒙',
    zh: '下载 → 设置 → 安全（或 隐私和安全）→ 更多安全设置 → 加密和凭据 → 从存储设备安装 → CA 证书 → 选择下载的文件。',
    en: 'Download → Settings → Security (or Privacy & security) → More security settings → Encryption & credentials → Install from storage → CA certificate → choose the downloaded file.',
  },
  {
    device: 'Firefox',
    zh: '设置 → 隐私与安全 → 证书 → 查看证书 → 证书颁发机构 → 导入 → 勾选“信任由此证书颁发机构来标识网站”。',
    en: 'Settings → Privacy & Security → Certificates → View Certificates → Authorities → Import → tick “Trust this CA to identify websites”.',
  },
]

/** Style of the help page. */
export const caStyle = `:root{color-scheme:light dark}
body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
code{font:14px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;display:block;padding:.75rem;border:1px solid;border-radius:6px}
dt{font-weight:600;margin-top:.75rem}dd{margin:0}
a.button{display:inline-block;padding:.6rem 1rem;border:2px solid;border-radius:6px;font-weight:600;text-decoration:none}
`

/** How a device comes to trust the local authority, in both languages; `origin` is where to go afterwards. */
export const caPage = ({ fingerprint, name }: Authority, origin: string): string => {
  const part = (language: 'zh' | 'en'): string =>
    `<dl>${steps.map((one) => `<dt>${escape(one.device)}</dt><dd>${escape(one[language])}</dd>`).join('')}</dl>`
  const link = `<a href="${escape(origin)}/">${escape(origin)}</a>`
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>消声室 Anechoic</title><link rel="stylesheet" href="/ca.css"></head>
<body>
<h1>让这台设备信任店里的服务器</h1>
<p><a class="button" href="/ca.crt" download="anechoic-ca.crt">下载证书 anechoic-ca.crt</a></p>
<p>安装前请核对 SHA-256 指纹：它必须与服务器启动时（以及 <b>doctor</b>）显示的完全一致。不一致就不要安装。</p>
<code>${escape(fingerprint)}</code>
<p>此证书（${escape(name)}）只能为这台服务器的名称和内网地址作证，不能冒充其他网站。</p>
${part('zh')}
<p>完成后打开 ${link}</p>
<div lang="en">
<h2>Let this device trust the shop’s server</h2>
<p><a class="button" href="/ca.crt" download="anechoic-ca.crt">Download anechoic-ca.crt</a></p>
<p>Before you install it, compare the SHA-256 fingerprint above: it must be the one that the server shows when it starts (and <b>doctor</b>). If it differs, do not install it.</p>
<p>This certificate (${escape(name)}) vouches for this server’s names and for private addresses only; it cannot stand for any other site.</p>
${part('en')}
<p>Then open ${link}</p>
</div>
</body></html>
`
}
