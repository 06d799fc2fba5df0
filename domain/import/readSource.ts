import type { Row } from '../catalogue/entity.ts'
import type { Label } from '../catalogue/field.ts'
import { customer } from '../crm/customer.ts'

export type SourceId = NonNullable<Row<typeof customer>['source']>
export type BasisId = NonNullable<Row<typeof customer>['basis']>

/** Words of other programs for where customers come from, beside the labels of the catalogue. Own list. */
const sources: [RegExp, SourceId][] = [
  [/介绍|推荐|老客|朋友|refer|wordofmouth/, 'referral'],
  [/到店|进店|路过|门店|散客|walkin|store/, 'walkIn'],
  [/抖音|douyin|tiktok/, 'douyin'],
  [/小红书|xiaohongshu|rednote/, 'xiaohongshu'],
  [/展会|音响展|博览|exhibition|tradeshow|event|fair/, 'exhibition'],
  [/设计师|装修|装饰|异业|合作|partner|designer|builder/, 'partner'],
  [/微信|公众号|朋友圈|视频号|wechat|weixin/, 'wechat'],
  [/官网|网站|搜索|百度|网络|线上|web|online|organicsearch|direct|google|baidu/, 'web'],
  [/电话|来电|热线|phone|call/, 'phone'],
]
const bases: [RegExp, BasisId][] = [
  [/合同|订单|交易|contract|performance/, 'contract'],
  [/同意|consent/, 'consent'],
  [/法定|义务|legalduty|legalobligation/, 'legalDuty'],
  [/紧急|vital/, 'vital'],
  [/新闻|舆论/, 'publicNews'],
  [/公开|disclosed|public/, 'disclosed'],
]

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '')

const choose = <Id extends string>(text: string, values: Readonly<Record<string, Label>> | null, words: [RegExp, Id][]): Id | null => {
  const folded = fold(text)
  const labels = Object.entries(values ?? {}) as [Id, Label][]
  return (
    labels.find(([id, { zh, en }]) => [id, zh, en].some((label) => fold(label) === folded))?.[0] ??
    words.find(([pattern]) => pattern.test(folded))?.[1] ??
    null
  )
}

/** Returns the source that a text names, by its label in either language or a word for it, or null. */
export const readSource = (text: string): SourceId | null => choose(text, customer.fields.source.values, sources)

/** Returns the lawful basis (PIPL 13) that a text names, or null. */
export const readBasis = (text: string): BasisId | null => choose(text, customer.fields.basis.values, bases)
