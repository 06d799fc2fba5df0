import type { Label } from '../catalogue/field.ts'
import type { RoleId } from './roles.ts'

/** What the roles that ship are called, and in one line what they are for. */
export const roleLabels: Readonly<Record<RoleId, Label & { readonly about: Label }>> = {
  owner: {
    zh: '店主',
    en: 'Owner',
    about: {
      zh: '管全部门店与全部事务；小店由一人兼任各项管理',
      en: 'Runs all stores and everything in them; in a small shop one person is all of it',
    },
  },
  storeManager: {
    zh: '店长',
    en: 'Store manager',
    about: { zh: '管一家店的客户、交接、导入和审批', en: 'Runs the customers of a store: handing over, importing, approving' },
  },
  salesConsultant: {
    zh: '销售顾问',
    en: 'Sales consultant',
    about: { zh: '跟进自己的客户；同店客户看得到姓名', en: 'Looks after own customers; sees the names of the store’s' },
  },
  installer: {
    zh: '安装工程师',
    en: 'Installer',
    about: { zh: '只看得到昨天、今天和明天要上门的客户', en: 'Sees only whom they visit today, one day either side' },
  },
  customerService: {
    zh: '客服',
    en: 'Customer service',
    about: { zh: '接听来电，记录往来，登记客户意愿', en: 'Takes calls, writes down what was said and what customers allow' },
  },
  marketing: {
    zh: '市场',
    en: 'Marketing',
    about: {
      zh: '按不涉个人的信息和意愿挑选活动对象，不单独联系任何人',
      en: 'Chooses whom a campaign is for by what is not personal, and by consent',
    },
  },
  finance: {
    zh: '财务',
    en: 'Finance',
    about: { zh: '开票、对账时按理由查看联系方式', en: 'Looks details up for invoices, with a reason' },
  },
  securityOfficer: {
    zh: '安全管理员',
    en: 'Security officer',
    about: { zh: '授权、审批、定期复核；看不到客户', en: 'Grants, approves and reviews access; sees no customers' },
  },
  auditor: {
    zh: '审计员',
    en: 'Auditor',
    about: { zh: '查看审计日志；看不到客户，不能管理', en: 'Reads the audit log; sees no customers, administers nothing' },
  },
  systemAdministrator: {
    zh: '系统管理员',
    en: 'System administrator',
    about: { zh: '管账号、密钥和备份；看不到客户，不能授权', en: 'Keeps accounts, keys and backups; sees no customers, grants nothing' },
  },
}

const labels: Readonly<Record<string, Label>> = { ...roleLabels, emergency: { zh: '紧急访问', en: 'Emergency access' } }

/** Returns what a role is called: one that ships by its label, one of the dealer's own by the name they gave it, else its id. */
export const roleName = (roleId: string, language: 'zh' | 'en', ownName: string | null = null): string =>
  ownName ?? (Object.hasOwn(labels, roleId) ? labels[roleId]![language] : roleId)
