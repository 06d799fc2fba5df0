import type { Label } from '../catalogue/field.ts'
import type { ImportProblem } from './problems.ts'

/** What each refusal of a row is called: on the screen, and in the file of refused rows, which is read without the product at hand. */
export const problemLabels: Readonly<Record<ImportProblem, Label>> = {
  name_missing: { zh: '没有姓名', en: 'No name' },
  phone_scientific: { zh: '电话号码被表格四舍五入了', en: 'Phone number rounded by a spreadsheet' },
  phone_area_code_missing: { zh: '座机没有区号', en: 'Landline without area code' },
  phone_too_short: { zh: '电话号码太短', en: 'Phone number too short' },
  phone_too_long: { zh: '电话号码太长', en: 'Phone number too long' },
  phone_not_a_phone: { zh: '不是电话号码', en: 'Not a phone number' },
  email_not_an_email: { zh: '不是邮箱地址', en: 'Not an e-mail address' },
  email_too_long: { zh: '邮箱地址太长', en: 'E-mail address too long' },
  date_unreadable: { zh: '日期看不懂', en: 'A date that cannot be read for certain' },
  nul_byte: { zh: '含有 NUL 字节', en: 'NUL byte in the row' },
  too_many_columns: { zh: '列太多', en: 'Too many columns' },
  columns_mismatch: { zh: '列数和表头不一致', en: 'Other number of columns than the header' },
  cell_too_long: { zh: '有单元格过长', en: 'A cell is too long' },
  row_too_long: { zh: '整行过长', en: 'The row is too long' },
  quote_unclosed: { zh: '引号没有闭合', en: 'A quotation mark is never closed' },
  card_unclosed: { zh: '名片没有结尾', en: 'The card has no end' },
  card_too_long: { zh: '名片过长', en: 'The card is too long' },
  card_unreadable: { zh: '名片读不出来', en: 'The card cannot be read' },
  too_long: { zh: '内容太长', en: 'Too long' },
  too_many: { zh: '数量太多', en: 'Too many values' },
  formula_uncached: { zh: '公式没有保存结果', en: 'A formula without a stored value' },
  cell_error: { zh: '单元格里是表格的错误值', en: 'An error of the spreadsheet instead of a value' },
  masked: { zh: '打了码的值', en: 'A masked value' },
}

/** The labels of one language, by problem. */
export const problemLabelsIn = (language: keyof Label): Record<ImportProblem, string> =>
  Object.fromEntries(Object.entries(problemLabels).map(([problem, label]) => [problem, label[language]])) as Record<ImportProblem, string>
