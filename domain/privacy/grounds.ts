import type { Label } from '../catalogue/field.ts'

/** On what ground a person was erased: PIPL article 47 (the right to deletion), items 1 to 4, and the person's own request. `other` is told in words. */
export const grounds = {
  request: { zh: '本人要求删除', en: 'The person asked for it' },
  withdrawn: { zh: '本人撤回同意', en: 'The person withdrew consent' },
  purposeDone: { zh: '处理目的已实现或不再必要', en: 'The purpose is achieved or gone' },
  expired: { zh: '停止服务或保存期限届满', en: 'Service ended or the period of keeping expired' },
  unlawful: { zh: '违反法律、法规或约定处理', en: 'It was processed against law or agreement' },
  other: { zh: '其他', en: 'Other' },
} as const satisfies Readonly<Record<string, Label>>
export type Ground = keyof typeof grounds
