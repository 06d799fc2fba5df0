import { seedRandom, type Random } from './random.ts'
import {
  cities,
  goods,
  givenEnds,
  givenMiddles,
  mailHosts,
  roads,
  compounds,
  firmKinds,
  firmWords,
  surnames,
  wishes,
} from './peopleWords.ts'

/** A believable customer of a dealer. Invented: any likeness comes from the words being ordinary. Phones are in E.164. */
export type Person = {
  name: string
  kind: 'household' | 'organisation'
  phones: string[]
  emails: string[]
  wechatIds: string[]
  addresses: string[]
  tags: string[]
  notes: string | null
}

const surnameTotal = surnames.reduce((sum, [, weight]) => sum + weight, 0)

/** Yields invented customers without end, the same for the same seed. No first phone occurs twice within 100 million. */
export function* generateCustomers(seed: number): Generator<Person, never> {
  const random = seedRandom(seed)
  for (let index = 0; ; index++) yield makePerson(random, index, seed)
}

function makePerson(random: Random, index: number, seed: number): Person {
  const firm = random.chance(0.06)
  const city = random.pick(cities)
  const name = firm ? `${city.name}${random.pick(firmWords)}${random.pick(firmWords)}${random.pick(firmKinds)}` : makeName(random)
  const phone = mobileOf(index, seed)
  const phones = [phone]
  if (random.chance(0.12)) phones.push(mobileOf(50_000_000 + index, seed))
  if (firm || random.chance(0.04))
    phones.push(`+86${city.areaCode}${2 + random.below(6)}${digits(random, city.areaCode.length < 4 && city.eight ? 7 : 6)}`)
  return {
    name,
    kind: firm ? 'organisation' : 'household',
    phones,
    emails: random.chance(0.3) ? [`${letters(random, 3 + random.below(6))}${random.below(9_999)}@${random.pick(mailHosts)}`] : [],
    wechatIds: random.chance(0.6)
      ? [random.chance(0.5) ? `wxid_${letters(random, 14)}` : `${letters(random, 6)}${random.below(100_000)}`]
      : [],
    addresses: random.chance(0.92) ? [makeAddress(random, city)] : [],
    tags: goods.filter(() => random.chance(0.12)).slice(0, 4),
    notes: random.chance(0.45) ? makeNotes(random) : null,
  }
}

function makeName(random: Random): string {
  let at = random.next() * surnameTotal
  const surname = surnames.find(([, weight]) => (at -= weight) < 0)?.[0] ?? '王'
  const end = random.pick(givenEnds)
  // About one name in six has a single given character (report on names, Ministry of Public Security, 2020 and 2021).
  return random.chance(0.16) ? surname + end : surname + random.pick(givenMiddles) + end
}

/** The index through a permutation of eight digits, so that neighbours look unrelated and no number repeats. */
function mobileOf(index: number, seed: number): string {
  const heads = [
    '133',
    '135',
    '136',
    '137',
    '138',
    '139',
    '150',
    '151',
    '152',
    '158',
    '159',
    '166',
    '176',
    '177',
    '180',
    '185',
    '186',
    '187',
    '188',
    '189',
    '199',
  ]
  const mixed = (index * 61_234_567 + (seed % 9_973) * 7_919) % 100_000_000
  return `+86${heads[index % heads.length]}${String(mixed).padStart(8, '0')}`
}

function makeAddress(random: Random, city: (typeof cities)[number]): string {
  const unit = random.chance(0.4) ? `${1 + random.below(4)}单元` : ''
  const flat = `${1 + random.below(38)}栋${unit}${1 + random.below(32)}0${1 + random.below(6)}室`
  const home = random.chance(0.15) ? `${1 + random.below(120)}号别墅` : flat
  const street = `${random.pick(city.districts)}${random.pick(roads)}${1 + random.below(1_800)}号`
  return `${city.province}${city.name}市${street}${random.pick(compounds)}${home}`
}

function makeNotes(random: Random): string {
  const first = `${random.pick(wishes)}，预算${random.pick(['3万', '5万', '8万', '10万左右', '15万', '20万以内', '30万', '待定'])}`
  return random.chance(0.3) ? `${first}。\n${random.pick(wishes)}。` : `${first}。`
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}

function letters(random: Random, count: number): string {
  return Array.from({ length: count }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[random.below(26)]).join('')
}
