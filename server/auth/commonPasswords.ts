/**
 * Words and patterns that passwords in this trade and country are made of, most usual first: own list, written from keyboard rows, pinyin of
 * everyday phrases, lucky numbers, and the words of the trade. zxcvbn ranks by position and finds them inside longer passwords, reversed and in l33t.
 */
export const commonPasswords: readonly string[] = [
  '123456', 'password', '12345678', 'qwerty', '123456789', '111111', '000000', '888888', '666666', '123123', '1234567890', 'abc123', '5201314',
  'woaini', 'woaini1314', 'a123456', '123456a', 'qwe123', '1qaz2wsx', 'qazwsx', 'zaq12wsx', 'admin', 'admin888', 'admin123', 'root', 'letmein',
  'welcome', 'iloveyou', 'passw0rd', 'p@ssw0rd', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qweasdzxc', '147258369', '159357', '987654321', '112233',
  '121212', '654321', '1314520', '520520', '13145200', '168168', '518518', '8888', '6666', '9999', '1314', '520', 'aaaaaa', 'abcd1234', 'abc12345',
  'monkey', 'dragon', 'master', 'sunshine', 'princess', 'football', 'shadow', 'secret', 'changeme', 'default', 'guest', 'test', 'temp',
  'nihao', 'zhongguo', 'beijing', 'shanghai', 'guangzhou', 'shenzhen', 'hangzhou', 'chengdu', 'wangwei', 'zhangwei', 'liwei', 'xiaoming',
  'woaini520', 'mima', 'mima123', 'denglu', 'yonghu', 'guanliyuan', 'laoban', 'dianzhang', 'xiaoshou', 'kehu', 'gongsi', 'caiwu', 'baba', 'mama',
  'laopo', 'laogong', 'baobei', 'qinaide', 'xingfu', 'kuaile', 'gongxifacai', 'facai', 'wanshiruyi', 'jixiangruyi', 'yilufa', 'meiyou', 'buzhidao',
  'yinxiang', 'yinxiang123', 'yingyin', 'jiatingyingyuan', 'zhinengjiaju', 'gongfang', 'gonglifangdaqi', 'jingting', 'shengyin', 'erji', 'yinyue',
  'hifi', 'audio', 'cinema', 'hometheater', 'dolby', 'atmos', 'speaker', 'amplifier', 'subwoofer', 'projector', 'anechoic', 'xiaoshengshi',
  'customer', 'dealer', 'showroom', 'company', 'office', 'wifi', 'router', 'hikvision', 'dahua', 'tplink', 'xiaomi', 'huawei', 'control4', 'crestron',
  'denon', 'marantz', 'yamaha', 'bose', 'sonos', 'klipsch', 'kef', 'bowers', 'genelec', 'spring', 'summer', 'autumn', 'winter', 'chunjie', 'xinnian',
  '密码', '我爱你', '老板', '消声室', '音响', '影音', '家庭影院', '恭喜发财', '一生一世', '你好',
]
