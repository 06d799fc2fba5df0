import { commonPasswords } from './commonPasswords.ts'

// Family names by frequency (公安部 2020 name report, the first hundred, and common double ones), in pinyin.
const surnames =
  `wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang han feng deng cao peng zeng xiao
tian dong pan yuan cai jiang yu du ye cheng wei su lv lu ding ren yao shen zhong cui tan lu fan jin shi liao jia xia fu fang zou xiong bai meng qin qiu hou jiang
yin xue yan duan lei long tao mao hao gu gong shao wan qian dai mo kong xiang chang wen shu kang ouyang sima shangguan zhuge situ nangong murong dongfang`.split(
    /\s+/,
  )

const initial = '(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])'
const final =
  '(?:iang|iong|uang|ueng|ang|eng|ing|ong|iao|ian|uai|uan|van|ai|ei|ao|ou|an|en|in|un|vn|er|ia|ie|iu|ua|uo|ui|ue|ve|a|o|e|i|u|v)'
const syllable = `(?:${initial}?${final})`

// Surname and one or two syllables, or the other way round, with what people put before a name they like.
const byLength = surnames.toSorted((a, b) => b.length - a.length).join('|')
const personName = new RegExp(
  `^(?:xiao|lao|ai|wo|woai|iam|iloveyou|love)?(?:(?:${byLength})${syllable}{1,2}|${syllable}{1,2}(?:${byLength}))$`,
)
const twoNames = new RegExp(`^(?:${byLength})${syllable}{1,2}(?:ai|he|love|and)(?:${byLength})${syllable}{1,2}$`)

const provinces =
  'jing jin hu yu ji jin meng liao ji hei su zhe wan min gan lu yu e xiang yue gui qiong chuan shu qian gui yun zang shan qin gan qing ning xin'.split(
    ' ',
  )
const plate = new RegExp(`^(?:${[...new Set(provinces)].join('|')})[a-z]{0,2}$`)
const plateCharacter = /^[京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕秦甘陇青宁新港澳学警领]$/u

const words = new Set(commonPasswords)

const isGuessable = (run: string, own: ReadonlySet<string>): boolean =>
  words.has(run) || own.has(run) || plateCharacter.test(run) || personName.test(run) || twoNames.test(run)

/**
 * Whether a password (lower case, NFKC) is only what is tried first in China: names in pinyin, words of the trade and own names, with digits beside them,
 * which are birthdays, mobile numbers, plates (京A12345, yueb12345) or 5201314. Sources: the mission's list; Li, Han and Xu, "A large-scale empirical
 * analysis of Chinese web passwords" (USENIX Security 2014): half are digits alone, and names in pinyin with dates follow.
 */
export const isChinesePattern = (password: string, own: ReadonlySet<string>): boolean => {
  const runs = password.match(/[a-z]+|\p{Script=Han}+/gu) ?? []
  const others = password.replaceAll(/[a-z\d]|\p{Script=Han}/gu, '')
  const strange = [...new Set(runs.filter((run) => !isGuessable(run, own)))]
  // Initials, or the letters of one plate: a few letters among digits are not much to guess.
  const isLittle = strange.join('').length <= 4 && strange.every((run) => run.length <= 2)
  return new Set(others).size < 4 && (isLittle || (strange.length === 1 && plate.test(strange[0]!)))
}
