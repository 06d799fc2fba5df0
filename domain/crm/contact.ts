import { entity } from '../catalogue/entity.ts'
import { email, longText, phone, ref, text } from '../catalogue/field.ts'

/**
 * A person of a household or an organisation: the wife who decides about the colours, the housekeeper who opens the door, the buyer of a firm. A data
 * subject of their own, whose key goes without the household's; seen by whoever sees the customer.
 */
export const contact = entity({
  name: 'contact',
  plural: 'contacts',
  label: { zh: '联系人', en: 'Contact' },
  subject: 'self',
  rowScope: { parent: 'customerId' },
  retain: { years: 6, from: 'closed' },
  schemaVersion: 1,
  fields: {
    customerId: ref('customer', { class: 'internal', label: { zh: '客户', en: 'Customer' }, find: ['exact'] }),
    name: text({
      class: 'personal',
      label: { zh: '姓名', en: 'Name' },
      find: ['name'],
      mask: 'ends',
      max: 100,
      purpose: 'essential.service',
      category: 'user.name',
    }),
    role: text({
      class: 'personal',
      label: { zh: '称呼或职务', en: 'Role' },
      optional: true,
      max: 40,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
    phones: phone({
      class: 'personal',
      label: { zh: '电话', en: 'Phones' },
      many: true,
      find: ['exact', 'fragment'],
      mask: 'lastFour',
      purpose: 'essential.service',
      category: 'user.contact.phone_number',
    }),
    emails: email({
      class: 'personal',
      label: { zh: '邮箱', en: 'E-mails' },
      many: true,
      find: ['exact', 'fragment'],
      mask: 'ends',
      purpose: 'essential.service',
      category: 'user.contact.email',
    }),
    wechatIds: text({
      class: 'personal',
      label: { zh: '微信号', en: 'WeChat ids' },
      many: true,
      find: ['exact', 'fragment'],
      mask: 'ends',
      max: 40,
      purpose: 'essential.service',
      category: 'user.contact.wechat_id',
    }),
    notes: longText({
      class: 'personal',
      label: { zh: '备注', en: 'Notes' },
      optional: true,
      max: 1_000,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
  },
})
