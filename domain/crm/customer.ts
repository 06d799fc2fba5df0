import { entity } from '../catalogue/entity.ts'
import { address, choice, longText, ref, text } from '../catalogue/field.ts'
import { emailsField, nameField, phonesField, wechatIdsField } from './reach.ts'

/** On what ground the dealer may hold the data: PIPL article 13, items 1 to 6. Absent: nobody has said yet. */
const lawfulBases = {
  contract: { zh: '订立、履行合同', en: 'Contract with the person' },
  consent: { zh: '个人同意', en: 'Consent' },
  legalDuty: { zh: '法定职责或义务', en: 'Legal duty' },
  vital: { zh: '紧急情况保护安全', en: 'Protection in an emergency' },
  publicNews: { zh: '新闻报道、舆论监督', en: 'News in the public interest' },
  disclosed: { zh: '已合法公开的信息', en: 'Lawfully disclosed already' },
} as const

/** A household or an organisation that buys from the dealer. It is its own data subject. */
export const customer = entity({
  name: 'customer',
  plural: 'customers',
  label: { zh: '客户', en: 'Customer' },
  subject: 'self',
  rowScope: { store: 'storeId', owner: 'ownerId' },
  retain: { years: 6, from: 'closed' },
  schemaVersion: 2,
  fields: {
    name: nameField,
    kind: choice(
      { household: { zh: '家庭', en: 'Household' }, organisation: { zh: '单位', en: 'Organisation' } },
      { class: 'internal', label: { zh: '类型', en: 'Kind' }, find: ['exact'] },
    ),
    phones: phonesField,
    emails: emailsField,
    wechatIds: wechatIdsField,
    addresses: address({
      class: 'personal',
      label: { zh: '地址', en: 'Addresses' },
      many: true,
      find: ['fragment'],
      mask: 'region',
      max: 300,
      purpose: 'essential.service',
      category: 'user.contact.address',
    }),
    storeId: ref('store', { class: 'internal', label: { zh: '门店', en: 'Store' }, find: ['exact'] }),
    ownerId: ref('staff', { class: 'internal', label: { zh: '负责人', en: 'Owner' }, optional: true, find: ['exact'] }),
    tags: text({
      class: 'personal',
      label: { zh: '标签', en: 'Tags' },
      many: true,
      find: ['fragment'],
      max: 30,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
    facts: longText({
      class: 'personal',
      label: { zh: '要点', en: 'Worth knowing' },
      optional: true,
      max: 1_000,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
    notes: longText({
      class: 'personal',
      label: { zh: '备注', en: 'Notes' },
      optional: true,
      max: 4_000,
      purpose: 'essential.service',
      category: 'user.content.private',
    }),
    source: choice(
      {
        walkIn: { zh: '自然到店', en: 'Walk-in' },
        referral: { zh: '转介绍', en: 'Referral' },
        phone: { zh: '来电', en: 'Phone call' },
        wechat: { zh: '微信', en: 'WeChat' },
        web: { zh: '官网', en: 'Website' },
        douyin: { zh: '抖音', en: 'Douyin' },
        xiaohongshu: { zh: '小红书', en: 'Xiaohongshu' },
        exhibition: { zh: '展会', en: 'Exhibition' },
        partner: { zh: '设计师/装修公司', en: 'Designer or builder' },
        import: { zh: '导入', en: 'Import' },
        other: { zh: '其他', en: 'Other' },
      },
      { class: 'internal', label: { zh: '来源', en: 'Source' }, optional: true, find: ['exact'] },
    ),
    basis: choice(lawfulBases, { class: 'internal', label: { zh: '处理依据', en: 'Lawful basis' }, optional: true, find: ['exact'] }),
    referrerId: ref('customer', { class: 'internal', label: { zh: '介绍人', en: 'Referred by' }, optional: true }),
  },
})
