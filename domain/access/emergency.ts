import type { Label } from '../catalogue/field.ts'

/** Why somebody breaks the glass. */
export const emergencyReasons = {
  safety: { zh: '客户安全（报警、漏水、火情）', en: 'A customer’s safety (alarm, water, fire)' },
  outage: { zh: '客户系统严重故障', en: 'A customer’s system is down' },
  absence: { zh: '负责人突然无法工作', en: 'Whoever is responsible is suddenly away' },
  authority: { zh: '主管机关依法要求', en: 'An authority demands it by law' },
} as const satisfies Readonly<Record<string, Label>>
export type EmergencyReason = keyof typeof emergencyReasons

/** How long it lasts, in minutes; within how many hours others must agree; after how many minutes, in a small shop, one may agree with oneself. */
export const emergencyMinutes = 60
export const emergencyAskHours = 4
export const emergencySelfMinutes = 15

/** Days after which one that nobody looked into is overdue. Own choice: while those who know still remember. */
export const emergencyReviewDays = 3

/** How many others have to agree: two, or as many as there are; nobody is kept from helping a customer by having one colleague. */
export const agreementsNeeded = (others: number): number => Math.max(1, Math.min(2, others))
