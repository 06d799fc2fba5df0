/**
 * Surnames with their share in per mille: the hundred commonest, rounded (Ministry of Public Security, name report 2020), and rarer
 * ones worth testing.
 */
export const surnames: readonly (readonly [string, number])[] = (
  '王72 李71 张67 刘52 陈45 杨31 黄22 赵21 吴20 周19 徐14 孙14 马13 朱12 胡12 郭11 何11 林11 高10 罗10 郑9 梁8 谢7.2 宋7 唐6.9 许6.6 韩6.4 邓6.2 冯6.2 ' +
  '曹6 彭6 曾5.9 肖5.6 田5.3 董5.2 潘5 袁4.9 蔡4.8 蒋4.7 余4.6 于4.5 杜4.4 叶4.3 程4.2 魏4.2 苏4.1 吕4.1 丁4 任3.9 卢3.8 姚3.7 沈3.7 钟3.6 ' +
  '姜3.5 崔3.5 谭3.4 陆3.3 范3.3 汪3.2 廖3.2 石3.1 ' +
  '金3.1 韦3 贾3 夏2.9 付2.8 方2.8 邹2.7 熊2.6 白2.6 孟2.6 秦2.5 邱2.5 侯2.5 江2.4 尹2.4 薛2.3 闫2.3 段2.2 雷2.2 龙2.1 黎2.1 史2 陶2 贺2 毛1.9 ' +
  '郝1.9 顾1.9 龚1.8 邵1.8 万1.8 覃1.7 武1.7 钱1.7 ' +
  '戴1.6 严1.6 莫1.5 孔1.5 向1.4 汤1.4 单0.4 仇0.2 解0.3 查0.2 翟0.6 区0.2 朴0.1 盖0.1 欧阳0.7 上官0.1 司马0.1 诸葛0.05 尉迟0.02'
)
  .split(' ')
  .map((entry) => [entry.replace(/[\d.]+/, ''), Number.parseFloat(entry.replace(/^\D+/, ''))] as const)

export const givenMiddles = [
  ...'子文志建国晓小丽海明玉俊嘉雨思佳梓浩家春秀永金天新世少庆德宇欣一雅心若可宏立长红伟成景云凤美润茂荣振学祥书亚正艺诗',
]
export const givenEnds = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚英华飞玲桂兰萍鑫辉斌波宁琳峰健凯浩轩涵怡妍琪瑶婷雪慧颖倩宇航晨曦睿乐茜彤楠欣然佳豪博铭哲林龙梅玉珍莉君岚𠮷',
]

export const cities = [
  {
    name: '北京',
    province: '',
    areaCode: '10',
    eight: true,
    districts: ['朝阳区', '海淀区', '东城区', '西城区', '丰台区', '顺义区', '通州区', '昌平区'],
  },
  {
    name: '上海',
    province: '',
    areaCode: '21',
    eight: true,
    districts: ['浦东新区', '徐汇区', '静安区', '闵行区', '长宁区', '松江区', '青浦区'],
  },
  {
    name: '广州',
    province: '广东省',
    areaCode: '20',
    eight: true,
    districts: ['天河区', '越秀区', '海珠区', '番禺区', '白云区', '南沙区'],
  },
  {
    name: '深圳',
    province: '广东省',
    areaCode: '755',
    eight: true,
    districts: ['南山区', '福田区', '罗湖区', '宝安区', '龙岗区', '龙华区'],
  },
  {
    name: '杭州',
    province: '浙江省',
    areaCode: '571',
    eight: true,
    districts: ['西湖区', '上城区', '拱墅区', '滨江区', '余杭区', '萧山区'],
  },
  {
    name: '成都',
    province: '四川省',
    areaCode: '28',
    eight: true,
    districts: ['锦江区', '青羊区', '武侯区', '成华区', '高新区', '双流区'],
  },
  { name: '南京', province: '江苏省', areaCode: '25', eight: true, districts: ['玄武区', '鼓楼区', '建邺区', '江宁区', '栖霞区'] },
  { name: '苏州', province: '江苏省', areaCode: '512', eight: true, districts: ['姑苏区', '苏州工业园区', '吴中区', '相城区', '高新区'] },
  { name: '武汉', province: '湖北省', areaCode: '27', eight: true, districts: ['武昌区', '江汉区', '洪山区', '汉阳区', '东湖高新区'] },
  { name: '重庆', province: '', areaCode: '23', eight: true, districts: ['渝中区', '江北区', '渝北区', '南岸区', '九龙坡区'] },
  { name: '西安', province: '陕西省', areaCode: '29', eight: true, districts: ['雁塔区', '碑林区', '未央区', '长安区', '高新区'] },
  { name: '厦门', province: '福建省', areaCode: '592', eight: false, districts: ['思明区', '湖里区', '集美区', '海沧区'] },
] as const

export const roads = [
  '人民路',
  '解放大道',
  '中山北路',
  '建设路',
  '和平街',
  '文化路',
  '滨河大道',
  '学府路',
  '望江路',
  '科技园路',
  '环湖东路',
  '金融大街',
  '长安街',
  '春风路',
  '梧桐巷',
  '银杏路',
]
export const compounds = [
  '锦绣花园',
  '云栖玫瑰园',
  '滨江壹号',
  '翡翠湾',
  '阳光城',
  '御景豪庭',
  '保利天悦',
  '万科城市花园',
  '绿城桃花源',
  '金地名邸',
  '湖畔春天',
  '中海国际社区',
  '龙湖天街公寓',
  '观澜别院',
  '东方名苑',
  '西溪诚园',
  '紫薇公馆',
  '香樟林',
]
export const firmWords = ['声远', '华韵', '天成', '雅居', '聚星', '蓝海', '鸿业', '悦听', '宏图', '境界', '云端', '尚品', '九州', '盛世']
export const firmKinds = [
  '装饰设计有限公司',
  '酒店管理有限公司',
  '文化传播有限公司',
  '智能科技有限公司',
  '贸易有限公司',
  '房地产开发有限公司',
  '影音俱乐部',
  '设计工作室',
]
export const goods = [
  '家庭影院',
  '智能家居',
  '发烧音响',
  '老客户',
  '别墅',
  '全宅WiFi',
  '黑胶',
  '转介绍',
  '投影',
  '设计师渠道',
  '售后',
  'VIP',
]
export const wishes = [
  '想做一间地下影音室',
  '客厅要5.1.4全景声',
  '先看投影再定功放',
  '对音箱外观要求高',
  '家里有小孩，设备要收纳',
  '已有功放，想换前级',
  '新房在装修，水电还没封槽',
  '希望周末上门勘测',
  '朋友介绍来的',
  '要求静音风管',
  '想听直驱黑胶唱盘',
  '关心售后和质保',
  '智能灯光和窗帘一起做',
  '对比过两家，重视调音',
]
export const mailHosts = ['qq.com', '163.com', '126.com', 'foxmail.com', 'outlook.com', 'sina.com', 'example.com.cn', 'gmail.com']
