import { email, phone, text } from '../catalogue/field.ts'

/** What somebody is called: found by any part, pinyin and initials. */
export const nameField = text({
  class: 'personal',
  label: { zh: '姓名', en: 'Name' },
  find: ['name'],
  mask: 'ends',
  max: 100,
  purpose: 'essential.service',
  category: 'user.name',
})

/** Numbers, found whole anywhere and by part where they may be seen. */
export const phonesField = phone({
  class: 'personal',
  label: { zh: '电话', en: 'Phones' },
  many: true,
  find: ['exact', 'fragment'],
  mask: 'lastFour',
  purpose: 'essential.service',
  category: 'user.contact.phone_number',
})

/** Addresses of mail. */
export const emailsField = email({
  class: 'personal',
  label: { zh: '邮箱', en: 'E-mails' },
  many: true,
  find: ['exact', 'fragment'],
  mask: 'ends',
  purpose: 'essential.service',
  category: 'user.contact.email',
})

/** WeChat ids, 6 to 20 characters by WeChat’s own rule; longer ones are kept as they come. */
export const wechatIdsField = text({
  class: 'personal',
  label: { zh: '微信号', en: 'WeChat ids' },
  many: true,
  find: ['exact', 'fragment'],
  mask: 'ends',
  max: 40,
  purpose: 'essential.service',
  category: 'user.contact.wechat_id',
})
