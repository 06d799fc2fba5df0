import { entity } from '../catalogue/entity.ts'
import { text } from '../catalogue/field.ts'

/** A shop of the dealer. */
export const store = entity({
  name: 'store',
  plural: 'stores',
  label: { zh: '门店', en: 'Store' },
  subject: 'none',
  rowScope: {},
  retain: { years: 6, from: 'closed' },
  schemaVersion: 1,
  fields: {
    name: text({ class: 'internal', label: { zh: '店名', en: 'Name' }, find: ['exact', 'range'], max: 60 }),
    region: text({ class: 'internal', label: { zh: '大区', en: 'Region' }, optional: true, find: ['exact'], max: 60 }),
  },
})
