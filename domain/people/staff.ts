import { entity } from '../catalogue/entity.ts'
import { choice, flag, ref, text } from '../catalogue/field.ts'

/** Someone who works for the dealer and signs in. Password hashes and sessions live with `auth`, not here. */
export const staff = entity({
  name: 'staff',
  plural: 'staff',
  label: { zh: '员工', en: 'Staff' },
  subject: 'self',
  rowScope: {},
  retain: { years: 3, from: 'closed' },
  schemaVersion: 1,
  fields: {
    login: text({ class: 'internal', label: { zh: '登录名', en: 'Login' }, find: ['exact', 'range'], max: 40 }),
    name: text({
      class: 'personal',
      label: { zh: '姓名', en: 'Name' },
      max: 60,
      purpose: 'essential.service.operations.support',
      category: 'user.name',
    }),
    roles: choice(
      {
        owner: { zh: '店主', en: 'Owner' },
        storeManager: { zh: '店长', en: 'Store manager' },
        salesConsultant: { zh: '销售顾问', en: 'Sales consultant' },
        auditor: { zh: '审计员', en: 'Auditor' },
      },
      { class: 'internal', label: { zh: '角色', en: 'Roles' }, many: true, find: ['exact'] },
    ),
    storeIds: ref('store', { class: 'internal', label: { zh: '所属门店', en: 'Stores' }, many: true, find: ['exact'] }),
    active: flag({ class: 'internal', label: { zh: '在职', en: 'Active' }, find: ['exact'] }),
  },
})
