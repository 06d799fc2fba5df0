import type { Content, TableCell } from 'pdfmake/interfaces.js'
import type { Certificate } from '../../domain/privacy/certificate.ts'
import type { ErasureState } from '../../domain/privacy/erasureState.ts'
import { makePdf } from './makePdf.ts'

const [ink, quiet, line, alarm] = ['#1f2328', '#656d76', '#d0d7de', '#9a3412']
/** Numbers named one by one; a household with more contacts is told in full in the JSON. */
const mostNamed = 8

const zone = 'Asia/Shanghai'
const instant = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
const at = (iso: string): string => `${instant.format(new Date(iso))} (UTC+8)`

const suites: Readonly<Record<number, string>> = { 1: 'AES-256-GCM-SIV', 2: 'SM4-GCM' }

const states: Readonly<Record<ErasureState, readonly [zh: string, en: string]>> = {
  waiting: [
    '签发时，包裹过该密钥的期密钥尚在，须在删除后 30 天内轮换销毁，上述日期才成立。',
    'When this was issued the epoch key that had wrapped the key still existed; it must be rotated away within 30 days of the erasure for the date to hold.',
  ],
  late: [
    '注意：签发时，包裹过该密钥的期密钥逾期未销毁，上述日期不再成立，须顺延至其销毁后 14 天。',
    'Attention: when this was issued the epoch key was overdue for destruction. The date above no longer holds: it becomes 14 days after that key is destroyed.',
  ],
  rotated: [
    '包裹过该密钥的期密钥已销毁；其备份副本最迟于上述日期过期。',
    'The epoch key that had wrapped the key is destroyed; its backup copies expire by the date above.',
  ],
  complete: [
    '包裹过该密钥的期密钥已销毁，其备份副本也已过期。',
    'The epoch key that had wrapped the key is destroyed, and its backup copies have expired.',
  ],
  unknown: [
    '该次删除早于期密钥登记，无法自动核对上述日期。',
    'This erasure is older than the record of epochs: the date cannot be checked automatically.',
  ],
}

const both = (zh: string, en: string, size = 9): Content => ({
  stack: [
    { text: zh, fontSize: size, color: ink },
    { text: en, fontSize: size - 1.5, color: quiet },
  ],
})
const label = (zh: string, en: string): TableCell => ({
  stack: [
    { text: zh, color: ink, fontSize: 8.5 },
    { text: en, color: quiet, fontSize: 7 },
  ],
})
const row = (zh: string, en: string, value: Content): TableCell[] => [label(zh, en), value as TableCell]

const named = (certificate: Certificate): string => {
  const others = certificate.keys.map((key) => key.subject).filter((subject) => subject !== certificate.subject)
  const shown = others.slice(0, mostNamed).join(', ')
  return others.length === 0 ? '' : ` (+ ${shown}${others.length > mostNamed ? ' …' : ''})`
}

const keyLine = ({ keys, subject }: Certificate): string => {
  const key = keys.find((one) => one.subject === subject)
  if (!key || key.version === null || key.suite === null || key.epoch === null) return `No. ${subject}`
  return `No. ${subject} · v${key.version} · ${suites[key.suite] ?? key.suite} · epoch ${key.epoch}`
}

const table = (certificate: Certificate): Content => {
  const { erased, by, ground, audit, state } = certificate
  const [first] = audit
  const roles = (language: 'zh' | 'en'): string => by.roles.map((role) => role[language]).join(language === 'zh' ? '、' : ', ')
  return {
    table: {
      widths: [118, '*'],
      body: [
        row('人员编号', 'Data subject', { text: `${certificate.subject}${named(certificate)}`, fontSize: 11 }),
        row('已删除的记录（条数）', 'Records erased, by count', {
          text: erased.map(({ zh, en, count }) => `${zh} ${en}  ${count}`).join('      '),
        }),
        row(
          '已销毁的密钥',
          'Key destroyed',
          both(
            keyLine(certificate),
            certificate.keys.length > 1 ? `${certificate.keys.length} keys 把密钥` : 'Data key of this person 此人的数据密钥',
          ),
        ),
        row('销毁时间', 'Destroyed at', { text: at(certificate.erasedAt) }),
        row('经手人', 'Done by', both(`${by.name ?? by.staffId ?? '—'}（${roles('zh')}）`, roles('en'))),
        row(
          '原因',
          'Ground',
          ground.code === 'other'
            ? both('其他，文字加密存放于审计记录中', 'Other; its words are sealed in the audit log')
            : both(ground.zh, ground.en),
        ),
        row('全部副本最迟失效于', 'Every copy is dead by', {
          stack: [
            {
              text:
                state === 'unknown' ? `${day.format(new Date(certificate.completeBy))} ?` : day.format(new Date(certificate.completeBy)),
              fontSize: 16,
            },
            { text: states[state][0], fontSize: 8, color: state === 'late' ? alarm : ink, margin: [0, 2, 0, 0] },
            { text: states[state][1], fontSize: 7, color: state === 'late' ? alarm : quiet },
          ],
        }),
        row('审计记录', 'Audit log entry', {
          stack: [
            {
              text: `#${audit
                .map(({ index }) => index)
                .slice(0, mostNamed)
                .join(', #')}${audit.length > mostNamed ? ' …' : ''}`,
            },
            { text: `SHA-256 (RFC 6962)  ${first?.leafSha256 ?? ''}`, fontSize: 7, color: quiet },
          ],
        }),
        row('封签', 'Seal', { text: `${certificate.seal.algorithm}  ${certificate.seal.value}`, fontSize: 7, color: quiet }),
      ],
    },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0,
      hLineColor: () => line,
      paddingTop: () => 6,
      paddingBottom: () => 6,
      paddingLeft: (i: number) => (i === 0 ? 0 : 8),
      paddingRight: () => 0,
    },
    margin: [0, 14, 0, 12],
  }
}

const point = (zh: string, en: string): Content => ({ ...(both(zh, en, 8) as object), margin: [0, 0, 0, 4] }) as Content
const heading = (zh: string, en: string): Content => ({
  text: [
    { text: zh, color: ink, fontSize: 9.5 },
    { text: `  ${en}`, color: quiet, fontSize: 8 },
  ],
  margin: [0, 4, 0, 4],
})

const explained: Content[] = [
  heading('如何核对', 'How to check'),
  point(
    '在消声室「删除登记」中按人员编号重新出具，比较审计记录的摘要；或把随附的 JSON 放进「核对证明」。',
    'In Anechoic open "Erasures", issue the certificate of this number again and compare the digest of the audit entry; or give the JSON file to "Check a certificate".',
  ),
  heading('证明什么，不证明什么', 'What it proves, and what not'),
  point(
    '封签由本安装的密钥计算：证明本证明由该公司的系统出具且未经改动，并与审计日志中的记录一致。它只能由该系统核对，外人无法独立验证。',
    `The seal is computed with this installation's own key: the certificate was issued by this company's system, is unchanged, and agrees with its audit log. Only that system can check it; an outsider cannot verify it alone.`,
  ),
  point(
    '个人信息一律以密文存放，密文只能用此人的密钥打开；密钥销毁后密文无法读出。本证明不涉及系统之外的副本：打印件、截图、员工手机、发出的文件。审计日志只保留编号。',
    `Personal data was kept as ciphertext only, which nothing but this person's key opens; without the key it cannot be read. Copies outside the system are not covered: prints, screenshots, staff phones, files sent. The audit log keeps a number only.`,
  ),
]

/** Returns the certificate as a PDF: one page, Chinese and English. Times are those of mainland China. */
export const printCertificate = (certificate: Certificate): Promise<Buffer> =>
  makePdf({
    pageMargins: [54, 54, 54, 48],
    info: { title: `Erasure certificate ${certificate.subject}`, creator: 'Anechoic', producer: 'Anechoic' },
    content: [
      { text: certificate.company, color: quiet, fontSize: 10 },
      { text: '个人信息删除证明', fontSize: 22, color: ink, margin: [0, 10, 0, 0] },
      { text: 'Certificate of erasure of personal data', fontSize: 11, color: quiet },
      table(certificate),
      ...explained,
    ],
    footer: {
      text: `签发 Issued ${at(certificate.issuedAt)}   ·   安装编号 Installation ${certificate.installation}   ·   消声室 Anechoic`,
      fontSize: 7,
      color: quiet,
      margin: [54, 0, 54, 0],
    },
  })
