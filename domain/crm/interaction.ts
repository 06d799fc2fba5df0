import { entity } from '../catalogue/entity.ts'
import { choice, longText, ref, timestamp } from '../catalogue/field.ts'

/** One entry of a customer's timeline. */
export const interaction = entity({
  name: 'interaction',
  plural: 'interactions',
  label: { zh: '往来', en: 'Interaction' },
  subject: 'customerId',
  rowScope: { parent: 'customerId' },
  retain: { years: 6, from: 'created' },
  schemaVersion: 1,
  fields: {
    customerId: ref('customer', { class: 'internal', label: { zh: '客户', en: 'Customer' }, find: ['exact'] }),
    kind: choice(
      {
        call: { zh: '电话', en: 'Call' },
        visit: { zh: '上门', en: 'Visit' },
        wechat: { zh: '微信', en: 'WeChat' },
        email: { zh: '邮件', en: 'E-mail' },
        demo: { zh: '到店试听', en: 'Showroom demo' },
        purchase: { zh: '购买', en: 'Purchase' },
        note: { zh: '备注', en: 'Note' },
      },
      { class: 'internal', label: { zh: '方式', en: 'Kind' }, find: ['exact'] },
    ),
    happenedAt: timestamp({ class: 'internal', label: { zh: '时间', en: 'When' }, find: ['range'] }),
    staffId: ref('staff', { class: 'internal', label: { zh: '经手人', en: 'By' }, find: ['exact'] }),
    text: longText({
      class: 'personal',
      label: { zh: '内容', en: 'What was said' },
      max: 4_000,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
  },
})
