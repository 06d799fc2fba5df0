import type { Label } from '../catalogue/field.ts'

/**
 * 等保 (GB/T 22239-2019, level 3, 8.1.4.1 to 8.1.4.3: identity, access control, audit): what each item asks, in our words, and whether this installation does it now.
 * The numbers of days and minutes are customary choices of assessors; the standard names none.
 */

/** Days after which a password is changed under the profile, and idle minutes after which a session ends rather than waits locked. */
export const passwordDays = 90
export const idleEndMinutes = 30

/** What is looked at, all of it counted live. */
export type Facts = {
  readonly profile: boolean
  readonly people: number
  readonly withoutRole: number
  readonly oldPasswords: number
  readonly firstPasswords: number
  readonly withoutSecondFactor: number
  readonly secondFactorFor: 'none' | 'privileged' | 'everyone'
  readonly transport: 'tls' | 'proxy' | 'loopback'
  readonly dormant: number
  readonly departuresPending: number
  readonly deviations: number
  readonly deviationsOverdue: number
  readonly reviewsOverdue: number
  readonly auditWritable: boolean
  readonly auditInOrder: boolean
  readonly recordsDiffer: number
  readonly backupDue: boolean
}

export type Verdict = 'met' | 'deviates' | 'unmet'

/** One reason why an item is not met, or departed from, with the number it is about. */
export type Reason = { readonly code: ReasonCode; readonly count: number }

export const dengbaoReasons = {
  no_rotation: {
    zh: '未启用定期更换：按 NIST 800-63B 以长口令和弱口令名单代替。打开等保模式即按期更换。',
    en: 'No periodic change: long passwords and a list of weak ones instead (NIST 800-63B). The profile switches it on.',
  },
  old_passwords: { zh: '口令超过期限的人数', en: 'People whose password is older than allowed' },
  idle_locks: {
    zh: '离开后会话锁定而不是结束。打开等保模式即结束。',
    en: 'An idle session locks rather than ends. The profile ends it.',
  },
  proxied: {
    zh: '加密由前面的代理提供，请确认它的设置。',
    en: 'A proxy in front encrypts; see to its settings.',
  },
  no_second_factor: { zh: '还没有第二种鉴别方式的人数', en: 'People without a second factor' },
  factor_optional: { zh: '第二种鉴别方式没有要求所有人。', en: 'A second factor is not asked of everybody.' },
  without_role: { zh: '没有任何角色的人数', en: 'People without any role' },
  first_passwords: { zh: '还在用初始口令的人数', en: 'People who still have the password they were given' },
  dormant: { zh: '久未使用而未停用的账号', en: 'Accounts unused for long and not suspended' },
  departures: { zh: '已离职而未办结的账号', en: 'Accounts of people who left, not wound up yet' },
  combined: { zh: '兼任管理、授权或审计而登记在案的人次', en: 'Departures from the separation of powers on record' },
  combined_overdue: { zh: '店已不小、仍在兼任的人次', en: 'Such departures although the shop is no small one any more' },
  reviews_overdue: { zh: '逾期未结的权限复核', en: 'Reviews of rights that are overdue' },
  audit_down: { zh: '审计日志现在写不进去。', en: 'The audit log cannot be written now.' },
  audit_disorder: { zh: '审计日志的顺序出了问题。', en: 'The order of the audit log is broken.' },
  records_differ: { zh: '与审计日志不符的记录', en: 'Records that differ from the audit log' },
  backup_due: { zh: '备份已逾期。', en: 'A backup is overdue.' },
} as const satisfies Readonly<Record<string, Label>>
export type ReasonCode = keyof typeof dengbaoReasons

export type Item = { readonly ref: string; readonly title: Label; readonly how: Label }

/** The items, each with what it asks and how the product does it. */
export const dengbaoItems = [
  {
    ref: '8.1.4.1.a',
    title: { zh: '身份唯一，口令复杂并定期更换', en: 'Each identity once; passwords complex and changed regularly' },
    how: {
      zh: '登录名唯一且不能形近；弱口令名单；等保模式下要求三类字符、90 天更换。',
      en: 'Logins are unique, twins refused; weak passwords are listed; under the profile three kinds of characters, changed every 90 days.',
    },
  },
  {
    ref: '8.1.4.1.b',
    title: { zh: '登录失败处理，超时自动退出', en: 'Failed sign-ins are handled; idle sessions end' },
    how: {
      zh: '按账号、设备和地址限速；15 分钟锁屏；等保模式下 30 分钟结束会话；最长 8 小时。',
      en: 'Throttled by account, device and address; locked after 15 minutes, ended after 30 under the profile; 8 hours at most.',
    },
  },
  {
    ref: '8.1.4.1.c',
    title: { zh: '鉴别信息传输时不被窃听', en: 'Credentials are not overheard on their way' },
    how: {
      zh: '本机以外只提供 TLS 1.2 以上；口令不以明文保存。',
      en: 'Beyond this machine only TLS 1.2 and later; passwords are kept as argon2id.',
    },
  },
  {
    ref: '8.1.4.1.d',
    title: { zh: '两种以上鉴别方式，其一用密码技术', en: 'Two kinds of factors, one of them cryptographic' },
    how: {
      zh: '通行密钥（指纹、人脸、安全密钥）或动态验证码加口令。',
      en: 'Passkeys (fingerprint, face, security key), or one-time codes beside a password.',
    },
  },
  {
    ref: '8.1.4.2.a',
    title: { zh: '为用户分配账户和权限', en: 'Users get accounts and rights' },
    how: { zh: '每人一个账号，按角色和门店授权。', en: 'One account each, granted by role and store.' },
  },
  {
    ref: '8.1.4.2.b',
    title: { zh: '没有默认账户和默认口令', en: 'No default accounts, no default passwords' },
    how: { zh: '出厂没有账户；初始口令随机，首次登录必须更改。', en: 'None ship; a first password is random and must be changed.' },
  },
  {
    ref: '8.1.4.2.c',
    title: { zh: '及时停用多余和过期的账户', en: 'Superfluous and expired accounts are closed' },
    how: {
      zh: '离职次日即失效；45 天未用停用；每季、每半年复核。',
      en: 'Closed the day after the last day; suspended after 45 idle days; reviewed every quarter and half-year.',
    },
  },
  {
    ref: '8.1.4.2.d',
    title: { zh: '最小权限，管理权限分离', en: 'Least privilege; administration is separated' },
    how: {
      zh: '默认拒绝；系统管理、安全授权、审计三员分立，兼任须登记。',
      en: 'Denied by default; administering, granting and auditing apart, departures on record.',
    },
  },
  {
    ref: '8.1.4.2.e',
    title: { zh: '由授权主体配置访问规则', en: 'Rules of access are set by who is authorised to' },
    how: {
      zh: '只有持授权职责的人能改角色和授权，且不能改自己的。',
      en: 'Only who holds the duty changes roles and grants, and never their own.',
    },
  },
  {
    ref: '8.1.4.2.f',
    title: { zh: '粒度到用户和数据', en: 'As fine as one user and one table' },
    how: { zh: '到人、到行、到字段、到操作。', en: 'By person, row, field and act.' },
  },
  {
    ref: '8.1.4.2.g',
    title: { zh: '安全标记与访问控制', en: 'Security marks decide about access' },
    how: {
      zh: '每个字段都有数据级别，查看、筛选、导出都由级别决定。',
      en: 'Each field has a class; seeing, filtering and exporting follow it.',
    },
  },
  {
    ref: '8.1.4.3.a',
    title: { zh: '审计覆盖每个用户', en: 'Auditing covers every user' },
    how: {
      zh: '读写个人数据都先记录再返回；记不下来就不给看。',
      en: 'Reading and writing personal data is logged before it is answered; no log, no data.',
    },
  },
  {
    ref: '8.1.4.3.b',
    title: { zh: '记录时间、用户、事件和结果', en: 'Entries say when, who, what and how it ended' },
    how: {
      zh: '每条含时间、人、角色、会话、对象、字段、理由、结果。',
      en: 'Time, person, role, session, object, fields, reason, outcome.',
    },
  },
  {
    ref: '8.1.4.3.c',
    title: { zh: '审计记录受保护并备份', en: 'Audit records are protected and backed up' },
    how: { zh: '只增不改，按默克尔树排序；随备份保存。', en: 'Append-only, in a Merkle order; part of every backup.' },
  },
  {
    ref: '8.1.4.3.d',
    title: { zh: '审计过程不能被擅自中断', en: 'Auditing cannot be interrupted' },
    how: {
      zh: '没有关闭审计的开关；运行账号不能改删审计表。',
      en: 'There is no switch for it; the run-time account cannot change or delete it.',
    },
  },
] as const satisfies readonly Item[]

export type ItemRef = (typeof dengbaoItems)[number]['ref']

type Finding = { readonly unmet?: readonly (Reason | false)[]; readonly deviates?: readonly (Reason | false)[] }

const said = (isSo: boolean, code: ReasonCode, count = 0): Reason | false => isSo && { code, count }

const findings: Readonly<Partial<Record<ItemRef, (facts: Facts) => Finding>>> = {
  '8.1.4.1.a': (f) => ({
    unmet: [said(f.profile && f.oldPasswords > 0, 'old_passwords', f.oldPasswords)],
    deviates: [said(!f.profile, 'no_rotation')],
  }),
  '8.1.4.1.b': (f) => ({ deviates: [said(!f.profile, 'idle_locks')] }),
  '8.1.4.1.c': (f) => ({ deviates: [said(f.transport === 'proxy', 'proxied')] }),
  '8.1.4.1.d': (f) => ({
    unmet: [said(f.withoutSecondFactor > 0, 'no_second_factor', f.withoutSecondFactor)],
    deviates: [said(f.secondFactorFor !== 'everyone', 'factor_optional')],
  }),
  '8.1.4.2.a': (f) => ({ deviates: [said(f.withoutRole > 0, 'without_role', f.withoutRole)] }),
  '8.1.4.2.b': (f) => ({ unmet: [said(f.firstPasswords > 0, 'first_passwords', f.firstPasswords)] }),
  '8.1.4.2.c': (f) => ({
    unmet: [
      said(f.dormant > 0, 'dormant', f.dormant),
      said(f.departuresPending > 0, 'departures', f.departuresPending),
      said(f.reviewsOverdue > 0, 'reviews_overdue', f.reviewsOverdue),
    ],
  }),
  '8.1.4.2.d': (f) => ({
    unmet: [said(f.deviationsOverdue > 0, 'combined_overdue', f.deviationsOverdue)],
    deviates: [said(f.deviations > 0, 'combined', f.deviations)],
  }),
  '8.1.4.3.a': (f) => ({ unmet: [said(!f.auditWritable, 'audit_down')] }),
  '8.1.4.3.c': (f) => ({
    unmet: [said(f.backupDue, 'backup_due'), said(f.recordsDiffer > 0, 'records_differ', f.recordsDiffer)],
  }),
  '8.1.4.3.d': (f) => ({ unmet: [said(!f.auditInOrder, 'audit_disorder')] }),
}

/** Returns how each item stands, in order: unmet where something is missing now, departed from where the dealer does otherwise on purpose, else met. */
export const judgeDengbao = (facts: Facts): { ref: ItemRef; verdict: Verdict; reasons: Reason[] }[] =>
  dengbaoItems.map(({ ref }) => {
    const { unmet = [], deviates = [] } = findings[ref]?.(facts) ?? {}
    const missing = unmet.filter((one) => one !== false)
    const otherwise = deviates.filter((one) => one !== false)
    const verdict = missing.length > 0 ? 'unmet' : otherwise.length > 0 ? 'deviates' : 'met'
    return { ref, verdict, reasons: [...missing, ...otherwise] }
  })
