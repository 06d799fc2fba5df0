import { markedPinyin } from '../../domain/text/pinyin.ts'
import type { Random } from './random.ts'

// Each as often as it stands here: roughly as common as in the country, with the rarer ones that make a list look like people.
const surnames = Array.from(
  '王王王王李李李李刘刘刘陈陈陈杨杨黄黄赵赵吴吴周周徐徐孙孙马朱朱胡胡郭林林何何高高罗罗郑郑梁梁谢谢宋宋唐唐许许韩邓冯曹曹彭曾萧田董袁袁潘潘蒋蒋蔡蔡余余杜叶叶程程苏苏魏吕丁丁任沈沈沈姚姚卢姜崔钟谭陆陆汪范金石廖贾夏韦付方方白邹孟熊秦邱江江尹薛闫段雷侯龙史陶黎贺顾顾毛郝龚邵邵万钱钱严覃武戴莫孔向汤汤温俞俞庄章鲁葛柴应裘楼童梅费倪翁岑',
)
const compounds = ['欧阳', '司徒', '上官', '诸葛', '慕容', '尉迟']
const first = Array.from('若知思清景子云书明安怀静宛佩言念以雨沐亦予嘉容澄允承疏望宁彦初时闻溪孟仲晓世文志建国海永振家德秀丽玉春')
const womanly = Array.from('溪岚筠瑶宁仪蓉薇蕴琬瑾晴霏澜婉韵凝菁禾歆芷玥茜琳萍英芳娟敏')
const manly = Array.from('远舟川衡屿峤迟珩砚钧琛晏则昀徽铮岳帆航磊涛勇军斌华平明峰')

/** A person: the full name, and whether they are addressed as 女士. */
export type Name = { readonly full: string; readonly surname: string; readonly isWoman: boolean }

/** Returns an invented name; the family name is `surname` where it is given. */
export const makeName = (random: Random, isWoman = random.chance(0.42), surname?: string): Name => {
  const family = surname ?? (random.chance(0.008) ? random.pick(compounds) : random.pick(surnames))
  const last = random.pick(isWoman ? womanly : manly)
  return { full: family + (random.chance(0.14) ? '' : random.pick(first)) + last, surname: family, isWoman }
}

/** How one speaks of somebody: 沈女士. */
export const addressed = ({ surname, isWoman }: Name): string => `${surname}${isWoman ? '女士' : '先生'}`

const firmHeads = Array.from('澄云松竹远和泰恒景嘉瑞文锦同弘致静朴厚信')
const firmTails = Array.from('观岚庐远泽舟和川原源禾石悦安道行堂居澜里')

/** Returns two characters that firms go by. */
export const firmWord = (random: Random): string => random.pick(firmHeads) + random.pick(firmTails)

/** Returns a text in lower-case pinyin without tones, letters only. */
export const latin = (text: string): string =>
  markedPinyin(text)
    // Of several readings the first.
    .marked.split(' ')[0]!
    .toLowerCase()
    .replace(/[^a-z]/g, '')
