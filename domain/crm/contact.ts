import { entity } from '../catalogue/entity.ts'
import { longText, ref, text } from '../catalogue/field.ts'
import { emailsField, nameField, phonesField, wechatIdsField } from './reach.ts'

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
    name: nameField,
    role: text({
      class: 'personal',
      label: { zh: '称呼或职务', en: 'Role' },
      optional: true,
      max: 40,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
    phones: phonesField,
    emails: emailsField,
    wechatIds: wechatIdsField,
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
