import { entity } from '../catalogue/entity.ts'
import { choice, date, flag, ref, text } from '../catalogue/field.ts'

/**
 * Someone who works for the dealer and signs in. Password hashes, sessions and grants live with `auth`, not here: `roles` and `storeIds` show the lasting
 * grants, and grant nothing themselves.
 */
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
    roles: text({ class: 'internal', label: { zh: '角色', en: 'Roles' }, many: true, find: ['exact'], max: 40 }),
    storeIds: ref('store', { class: 'internal', label: { zh: '所属门店', en: 'Stores' }, many: true, find: ['exact'] }),
    kind: choice(
      { person: { zh: '员工', en: 'Person' }, service: { zh: '程序账号', en: 'Program' } },
      { class: 'internal', label: { zh: '类别', en: 'Kind' }, find: ['exact'] },
    ),
    joinsOn: date({ class: 'internal', label: { zh: '入职日期', en: 'First day' }, optional: true }),
    leavesOn: date({ class: 'internal', label: { zh: '离职日期', en: 'Last day' }, optional: true }),
    active: flag({ class: 'internal', label: { zh: '在职', en: 'Active' }, find: ['exact'] }),
  },
})
