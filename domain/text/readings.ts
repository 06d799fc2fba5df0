/**
 * Other readings of characters that given names and firm names use, so that a search by either finds the person: people pronounce 乐 as
 * le or yue, 茜 as qian or xi, and only the owner of the name knows. Own list, from everyday use; rare literary readings are left out on
 * purpose.
 */
export const givenNameReadings: ReadonlyMap<string, readonly string[]> = new Map(
  `乐 le yue|茜 qian xi|长 chang zhang|行 xing hang|重 zhong chong|朝 chao zhao|盛 sheng cheng|柏 bai bo|传 chuan zhuan|仔 zi zai|
曾 zeng ceng|单 shan dan|解 xie jie|查 zha cha|盖 ge gai|翟 zhai di|仇 qiu chou|区 ou qu|朴 piao pu|缪 miao mou|尉 wei yu|
覃 qin tan|车 che ju|隗 wei kui|郇 xun huan|员 yuan yun|召 zhao shao|祭 ji zhai|都 du dou|还 huan hai|薄 bo bao|伯 bo bai|
调 diao tiao|藏 zang cang|奇 qi ji|峤 qiao jiao|娜 na nuo|琢 zhuo zuo|晟 sheng cheng|贾 jia gu|便 bian pian|省 sheng xing|
参 can shen|宿 su xiu|率 shuai lv|识 shi zhi|会 hui kuai|荨 qian xun|蔚 wei yu|巷 xiang hang|露 lu lou|六 liu lu|绿 lv lu|
角 jiao jue|校 xiao jiao|弹 dan tan|系 xi ji|和 he huo|繁 fan po|种 zhong chong|洗 xi xian|秘 mi bi|折 zhe she|宓 mi fu|
褚 chu zhu|乜 nie mie|那 na nuo|殷 yin yan|莘 xin shen`
    .split('|')
    .map((entry) => entry.trim().split(' '))
    .map(([char = '', ...readings]) => [char, readings] as const),
)

/** Readings (with tone number) of Han outside the dictionary that stand in real names and on real shop signs. */
export const rareReadings: ReadonlyMap<string, string> = new Map([
  ['𠮷', 'ji2'],
  ['㐂', 'xi3'],
  ['䶮', 'yan3'],
  ['㛃', 'jie2'],
  ['㬎', 'xian3'],
  ['𫖯', 'fu3'],
  ['𬭎', 'hong2'],
  ['𬤇', 'ji1'],
])
