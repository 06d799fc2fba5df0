import { entity } from '../catalogue/entity.ts'
import { choice, longText, ref, timestamp } from '../catalogue/field.ts'

/** One statement of a customer about one channel of marketing. Never changed: whoever changes their mind makes another. */
export const consent = entity({
  name: 'consent',
  plural: 'consents',
  label: { zh: '同意记录', en: 'Consent' },
  subject: 'customerId',
  rowScope: { parent: 'customerId' },
  retain: { years: 6, from: 'closed' },
  schemaVersion: 1,
  fields: {
    customerId: ref('customer', { class: 'internal', label: { zh: '客户', en: 'Customer' }, find: ['exact'] }),
    channel: choice(
      {
        call: { zh: '电话', en: 'Phone calls' },
        sms: { zh: '短信', en: 'Text messages' },
        wechat: { zh: '微信', en: 'WeChat' },
        email: { zh: '邮件', en: 'E-mail' },
        post: { zh: '邮寄', en: 'Post' },
      },
      { class: 'internal', label: { zh: '渠道', en: 'Channel' }, find: ['exact'] },
    ),
    state: choice(
      { given: { zh: '同意', en: 'Given' }, withdrawn: { zh: '撤回', en: 'Withdrawn' } },
      { class: 'internal', label: { zh: '意思', en: 'State' }, find: ['exact'] },
    ),
    happenedAt: timestamp({ class: 'internal', label: { zh: '时间', en: 'When' }, find: ['range'] }),
    how: choice(
      {
        spoken: { zh: '口头', en: 'Spoken' },
        written: { zh: '书面签字', en: 'Signed on paper' },
        wechat: { zh: '微信', en: 'WeChat' },
        web: { zh: '网页', en: 'Web form' },
        imported: { zh: '导入', en: 'Imported' },
      },
      { class: 'internal', label: { zh: '方式', en: 'How' }, find: ['exact'] },
    ),
    staffId: ref('staff', { class: 'internal', label: { zh: '记录人', en: 'Recorded by' }, find: ['exact'] }),
    note: longText({
      class: 'personal',
      label: { zh: '说明', en: 'Note' },
      optional: true,
      max: 500,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
  },
})
