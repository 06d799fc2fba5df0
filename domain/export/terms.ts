import type { Label } from '../catalogue/field.ts'

/** Why data leaves. Closed, so that the log can be asked for one; `other` needs a note, which is sealed beside the log. */
export const exportPurposes = {
  campaign: { zh: '客户活动', en: 'Customer event or campaign' },
  reconciliation: { zh: '对账', en: 'Reconciliation' },
  migration: { zh: '换系统', en: 'Move to another system' },
  data_request: { zh: '依客户请求（提供副本）', en: 'A customer asked for a copy' },
  inspection: { zh: '检查或审计', en: 'Inspection or audit' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Readonly<Record<string, Label>>
export type ExportPurpose = keyof typeof exportPurposes
export const exportPurposeIds = Object.keys(exportPurposes) as ExportPurpose[]

/**
 * The files an export can be. `lock`: how the file itself is closed before it leaves: a workbook by a password that Excel and WPS ask for (ECMA-376 agile
 * encryption), the others by a passphrase in the age format, which any age tool opens.
 */
export const exportFormats = {
  xlsx: { label: { zh: 'Excel 工作簿', en: 'Excel workbook' }, ending: 'xlsx', lock: 'password' },
  csv: { label: { zh: 'CSV 表格', en: 'CSV table' }, ending: 'csv', lock: 'age' },
  vcard: { label: { zh: '通讯录名片 (vCard)', en: 'Address book (vCard)' }, ending: 'vcf', lock: 'age' },
} as const satisfies Readonly<Record<string, { label: Label; ending: string; lock: 'password' | 'age' }>>
export type ExportFormat = keyof typeof exportFormats
export const exportFormatIds = Object.keys(exportFormats) as ExportFormat[]

/** The languages a file can be written in. */
export type ExportLanguage = 'zh' | 'en'
