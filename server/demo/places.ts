import type { Random } from './random.ts'

/** Where the customers of a store live: divisions by their full names, the near ones more often than those an hour away. */
type Area = { readonly near: readonly string[]; readonly far: readonly string[] }

export const areas: readonly Area[] = [
  {
    near: ['静安区', '徐汇区', '长宁区', '浦东新区', '闵行区', '普陀区', '杨浦区', '虹口区', '黄浦区', '青浦区', '松江区', '宝山区'].map(
      (district) => `上海市${district}`,
    ),
    far: ['江苏省苏州市昆山市', '江苏省苏州市吴江区', '江苏省苏州市苏州工业园区', '浙江省嘉兴市嘉善县', '江苏省南通市崇川区'],
  },
  {
    near: ['西湖区', '上城区', '拱墅区', '滨江区', '萧山区', '余杭区', '临平区', '钱塘区', '富阳区'].map(
      (district) => `浙江省杭州市${district}`,
    ),
    far: ['浙江省绍兴市柯桥区', '浙江省湖州市德清县', '浙江省嘉兴市海宁市', '浙江省金华市义乌市'],
  },
  {
    near: ['锦江区', '青羊区', '金牛区', '武侯区', '成华区', '龙泉驿区', '温江区', '双流区', '郫都区', '新都区'].map(
      (district) => `四川省成都市${district}`,
    ),
    far: ['四川省德阳市旌阳区', '四川省眉山市东坡区', '四川省绵阳市涪城区', '四川省乐山市市中区'],
  },
]

// Invented: estates and streets as they are called everywhere, on no map under these numbers.
const estateHeads =
  '听澜 云栖 澄湖 望舒 锦屏 梧桐 枫丹 半山 观澜 麓鸣 清枫 兰亭 溪语 星河 临江 松涛 月映 东篱 漫香 碧落 鹿鸣 芳草 和风 知春'.split(' ')
const estateTails = '苑 府 邸 公馆 花园 雅苑 名邸 华庭 湾 里 新村 墅 家园 庭院'.split(' ')
const streetHeads = '澜溪 云锦 松鹤 文澜 枕江 半夏 青梧 望山 栖霞 听雨 锦绣 东风 民生 和平 育才 丰收 新民 银杏 白鹭 柳浪'.split(' ')
const streetTails = '路 路 路 街 东路 西路 中路 大道 巷'.split(' ')

/** A dwelling: its address as one writes it, and whether it is a house of its own. */
export type Home = { readonly address: string; readonly isHouse: boolean; readonly estate: string }

const streetOf = (random: Random): string => `${random.pick(streetHeads)}${random.pick(streetTails)}${random.between(1, 1_680)}号`
const regionOf = (random: Random, store: number): string => {
  const { near, far } = areas[store]!
  return random.pick(random.chance(0.9) ? near : far)
}

/** Returns a home near the store. */
export const makeHome = (random: Random, store: number): Home => {
  const estate = random.pick(estateHeads) + random.pick(estateTails)
  const isHouse = estate.endsWith('墅') || random.chance(0.1)
  const flat = `${random.between(1, 36)}幢${random.chance(0.4) ? `${random.between(1, 4)}单元` : ''}${random.between(1, 32)}0${random.between(1, 4)}室`
  const door = isHouse ? `${random.between(1, 180)}号` : flat
  return { address: regionOf(random, store) + streetOf(random) + estate + door, isHouse, estate }
}

/** Returns where a firm has its rooms. */
export const makeOffice = (random: Random, store: number): string => {
  const building = random.pick(estateHeads) + random.pick(['大厦', '中心', '广场', '科创园', '国际'])
  const room = random.chance(0.4) ? `${random.pick(['A', 'B', 'C'])}座` : ''
  return `${regionOf(random, store)}${streetOf(random)}${building}${room}${random.between(2, 31)}楼`
}
