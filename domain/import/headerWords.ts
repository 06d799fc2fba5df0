/**
 * What a column of a foreign list can become. `familyName` and `givenName` make a name together, `organisation` is the name where there
 * is no person and a note where there is one, `contact` the other way round. `ignored`: known, and deliberately not taken over.
 */
export type ImportField =
  | 'name'
  | 'familyName'
  | 'givenName'
  | 'organisation'
  | 'contact'
  | 'phones'
  | 'emails'
  | 'wechat'
  | 'address'
  | 'store'
  | 'owner'
  | 'tags'
  | 'notes'
  | 'kind'
  | 'source'
  | 'basis'
  | 'consent'
  | 'referrer'
  | 'purchaseDate'
  | 'purchase'
  | 'purchaseAmount'

/**
 * Headers as they stand in exports of 管家婆, 有赞, 纷享销客, Salesforce, HubSpot, Outlook, Google Contacts and phone address books, and in
 * lists that dealers keep by hand. Own list. Written as `foldHeader` leaves them: lower case, without digits, blanks and signs.
 */
const words: Record<ImportField | 'ignored', string> = {
  name:
    '姓名 名字 客户姓名 客户名称 客户名 客户 客户全名 顾客 顾客姓名 会员 会员姓名 会员名称 业主 业主姓名 户主 收货人 收货人姓名 买家 买家姓名 联系人姓名 全名 昵称 买家昵称 往来单位 往来单位名称 往来单位全名 单位全名 ' +
    'name fullname displayname customer customername clientname client contactname accountname householdname fileas',
  familyName: '姓 姓氏 lastname familyname surname',
  givenName: '名 givenname firstname forename',
  organisation:
    '公司 公司名称 单位 单位名称 企业 企业名称 工作单位 company companyname organisation organization organizationname account associatedcompany',
  contact: '联系人 主联系人 联系人名称 对接人 经办人 contact primarycontact contactperson',
  phones:
    '电话 手机 手机号 手机号码 电话号码 联系电话 联系方式 移动电话 固定电话 座机 固话 办公电话 住宅电话 家庭电话 客户手机 客户电话 会员手机 收货人手机 收货人电话 收货人手机号 买家手机 单位电话 公司电话 备用电话 ' +
    '其他电话 手机电话 客户手机号 买家手机号 ' +
    'phone phones phonenumber mobile mobilephone mobilenumber cell cellphone tel telephone homephone businessphone workphone ' +
    'otherphone primaryphone companymainphone carphone phonevalue assistantphone whatsapp',
  emails:
    '邮箱 电子邮箱 电子邮件 邮件 邮件地址 邮箱地址 电子邮件地址 电邮 email emails emailaddress mail emailvalue workemail homeemail primaryemail',
  wechat: '微信 微信号 微信id 客户微信 微信账号 微信帐号 wechat wechatid wechatids weixin weixinid',
  address:
    '地址 详细地址 联系地址 客户地址 家庭地址 家庭住址 住址 收货地址 收货人地址 安装地址 送货地址 单位地址 公司地址 通讯地址 通信地址 街道地址 省 省份 市 城市 区 区县 县 区域 地区 所在地区 所在城市 省市区 ' +
    '街道 小区 小区名称 楼盘 楼盘名称 门牌号 楼栋 房号 ' +
    'address addresses fulladdress street streetaddress addressline city state province region country countryregion stateregion ' +
    'stateprovince postalcode zip zipcode postcode zippostalcode ' +
    'addressformatted addressstreet addresscity addressregion addresspostalcode addresscountry addressextendedaddress district',
  store: '门店 店铺 所属门店 归属门店 分店 门店名称 店铺名称 所属店铺 归属店铺 所属部门 归属部门 部门名称 店面 store shop branch storename',
  owner:
    '负责人 销售 销售顾问 业务员 客户经理 导购 导购员 跟进人 销售员 所属销售 归属人 归属销售 顾问 专属顾问 经手人 负责人账号 owner salesrep contactowner accountowner ' +
    'salesperson consultant ownerlogin assignedto',
  tags:
    '标签 客户标签 会员标签 分组 客户分组 客户标记 群组 客户分类 客户级别 客户等级 会员等级 客户标签名称 tags tag labels groups groupmembership ' +
    'categories category lifecyclestage rating',
  notes:
    '备注 客户备注 说明 描述 附注 备注信息 跟进记录 需求 客户需求 意向 意向产品 卖家备注 留言 要点 worthknowing notes note description comment comments remarks memo',
  kind: '客户类型 类型 客户性质 性质 类别 客户类别 customertype type kind accounttype',
  source:
    '来源 客户来源 来源渠道 渠道 获客渠道 获客来源 线索来源 客户渠道 source leadsource originalsource customersource contactsource channel',
  basis: '处理依据 合法依据 法律依据 合法性基础 lawfulbasis legalbasis legalbasisforprocessingcontactsdata',
  consent:
    '同意 营销同意 同意营销 是否同意营销 允许营销 短信同意 微信同意 电话同意 邮件同意 是否接收短信 接收短信 接收营销信息 邮件订阅 短信订阅 拒收短信 拒收邮件 免打扰 退订 ' +
    'consent marketingconsent optin emailoptin smsoptin newsletter subscribed optout emailoptout smsoptout donotcall donotemail hasoptedoutofemail ' +
    'unsubscribed marketingpermissions',
  referrer:
    '介绍人 推荐人 转介绍人 介绍人电话 介绍人手机 推荐人电话 推荐人手机 推荐人手机号 老客介绍 referrer referredby referral referrerphone',
  purchaseDate:
    '购买日期 购买时间 成交日期 成交时间 下单时间 下单日期 付款时间 订单日期 交易日期 交易时间 销售日期 最近购买时间 最近购买日期 最近消费时间 上次购买时间 ' +
    'purchasedate purchasedon orderdate closedate lastpurchase lastpurchasedate lastorderdate dateofpurchase',
  purchase:
    '购买产品 购买商品 购买记录 购买内容 成交产品 成交内容 商品名称 商品 产品名称 产品 品名 商品标题 订单内容 型号 product productname purchase purchaseditem item itemname lineitemname',
  purchaseAmount:
    '购买金额 成交金额 订单金额 实付金额 实收金额 付款金额 交易金额 销售金额 金额 amount orderamount ordertotal purchaseamount totalprice',
  ignored:
    'id 编号 客户编号 客户id 会员卡号 单位编号 序号 身份证 身份证号 身份证号码 生日 出生日期 性别 年龄 密码 wifi密码 门禁密码 创建时间 创建日期 更新时间 修改时间 最后修改时间 创建人 录入时间 ' +
    '最近跟进时间 最后跟进时间 传真 传真号码 网址 网站 qq qq号 ' +
    'recordid contactid accountid birthday gender sex password createdate createddate lastmodifieddate lastactivitydate ' +
    'fax homefax businessfax otherfax website webpage phonelabel phonetype emaillabel emailtype addresslabel ' +
    'addresstype photo title jobtitle ' +
    '导出水印 exportwatermark 拼音码 助记码 税号 开户行 银行账号 应收金额 应付金额 期初应收 消费金额 累计消费 订单数 积分 余额',
}

const fields = new Map(
  Object.entries(words).flatMap(([field, list]) => list.split(' ').map((word) => [word, field as ImportField | 'ignored'] as const)),
)

/**
 * Returns a header without what differs from program to program: width, case, digits, blanks, signs, stars for required fields, remarks
 * in brackets.
 */
export function foldHeader(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]|（[^）]*）|【[^】]*】/g, '')
    .replace(/[^\p{L}]/gu, '')
}

/**
 * Returns what a header means and which of several addresses or phones it speaks of (`home`, `business`, …), or null if the word is
 * unknown. `exact` is false when only the beginning of a compound was understood ('Home Street' by 'Street').
 */
export function lookUpHeader(header: string): { field: ImportField | 'ignored'; group: string; exact: boolean } | null {
  const folded = foldHeader(header)
  const known = fields.get(folded) ?? fields.get(folded.replace(/[一二三四五]$/u, ''))
  if (known) return { field: known, group: '', exact: true }
  const parts =
    /^(home|business|other|work|mailing|billing|shipping|primary|permanent|company|客户|会员|买家|收货人|收货|安装|家庭|单位|公司)(.+)$/.exec(
      folded,
    )
  const inner = parts ? fields.get(parts[2] ?? '') : undefined
  return inner ? { field: inner, group: parts?.[1] ?? '', exact: false } : null
}
