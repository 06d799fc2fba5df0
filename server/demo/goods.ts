/** One thing that is sold: its name, how one speaks of it, its price in yuan. */
export type Item = readonly [name: string, said: string, yuan: number]

/** What is listened to or looked at, and so how one speaks of it. */
export type Style = 'speakers' | 'screen' | 'home' | 'deck' | 'ears'

/** A field of the trade: what is sold together, what it is compared with, what follows later. The first item of a set is what the talk is about. */
export type Theme = {
  readonly tag: string
  readonly style: Style
  readonly rooms: readonly string[]
  readonly sets: readonly (readonly Item[])[]
  readonly rivals: readonly string[]
  /** Bought later: the thing, and what was said when it was asked for. */
  readonly laters: readonly (readonly [item: Item, why: string])[]
}

const stereo: Theme = {
  tag: '两声道',
  style: 'speakers',
  rooms: [
    '客厅约 30 平米，层高 2.8 米',
    '书房 14 平米，三面是书',
    '客厅 42 平米，一边是落地窗',
    '次卧改的听音室，18 平米',
    '开放式客餐厅，沙发离墙 1.2 米',
  ],
  sets: [
    [
      ['KEF LS60 Wireless 有源落地箱', 'LS60', 45_800],
      ['KEF KC62 低音炮', 'KC62', 11_800],
    ],
    [
      ['Bowers & Wilkins 805 D4 书架箱', '805 D4', 69_800],
      ['Marantz MODEL 10 合并功放', 'MODEL 10', 108_000],
      ['原厂 FS-805 脚架', '脚架', 9_800],
    ],
    [
      ['Harbeth Super HL5plus XD', 'SHL5+', 52_000],
      ['Luxman L-505Z 合并功放', 'L-505Z', 48_800],
      ['Ton Träger 木脚架', '木架', 8_600],
    ],
    [
      ['Dynaudio Contour 30i 落地箱', 'Contour 30i', 68_000],
      ['Naim Nait XS 3 合并功放', 'Nait XS 3', 26_800],
      ['Naim NDX 2 网播', 'NDX 2', 49_800],
    ],
    [
      ['JBL L100 Classic MkII', 'L100', 36_800],
      ['McIntosh MA5300 合并功放', 'MA5300', 66_000],
    ],
    [
      ['Focal Kanta N°2 落地箱', 'Kanta 2', 82_000],
      ['Hegel H390 合并功放', 'H390', 46_500],
    ],
    [
      ['Dynaudio Special Forty 书架箱', 'Special Forty', 22_800],
      ['NAD M10 V3 流媒体合并机', 'M10', 22_800],
    ],
    [
      ['Tannoy Stirling III LZ', 'Stirling', 58_000],
      ['Accuphase E-280 合并功放', 'E-280', 43_800],
      ['Accuphase DP-450 CD 机', 'DP-450', 45_800],
    ],
    [
      ['Wharfedale LINTON 85 周年', 'LINTON', 12_800],
      ['Yamaha A-S1200 合并功放', 'A-S1200', 14_800],
    ],
  ],
  rivals: [
    'ATC SCM19',
    'Spendor Classic 3/1',
    'Monitor Audio Gold 100',
    'PMC prodigy 5',
    'Audiovector R1',
    'KEF R7 Meta',
    'Sonus faber Lumina V',
  ],
  laters: [
    [['AudioQuest Niagara 1200 电源处理器', 'Niagara 1200', 12_800], '总觉得晚上十点以后声音更好，想把电源收拾一下'],
    [['Roon Nucleus One 音乐服务器', 'Nucleus', 5_680], '收的无损越来越多，想有个像样的曲库'],
    [['REL T/9x 低音炮', 'T/9x', 13_800], '听管风琴觉得最下面那一层还差一点'],
    [['Vicoustic 吸音与扩散板一套', '声学板', 9_600], '拍手有回声，太太也说人声发亮'],
    [['IsoAcoustics GAIA 避震脚', 'GAIA', 2_980], '楼下邻居说低音传下去'],
  ],
}

const cinema: Theme = {
  tag: '家庭影院',
  style: 'screen',
  rooms: [
    '地下影音室 32 平米，层高 3.1 米',
    '三楼阁楼 26 平米，斜顶',
    '客厅兼影院，投影距离 4.1 米',
    '专用影院 45 平米，两排座位',
    '北向次卧 16 平米，想做七声道',
  ],
  sets: [
    [
      ['KEF Ci 系列 7.2.4 定制扬声器', 'KEF 7.2.4', 128_000],
      ['Marantz CINEMA 30 AV 功放', 'CINEMA 30', 36_800],
      ['JVC DLA-NZ800 投影机', 'NZ800', 118_000],
      ['Stewart 130 寸透声幕', '130 寸透声幕', 46_000],
    ],
    [
      ['Bowers & Wilkins 700 S3 影院套装 5.1.4', 'B&W 700 影院', 112_000],
      ['Denon AVC-A10H AV 功放', 'A10H', 42_800],
      ['Sony VPL-XW5000ES 投影机', 'XW5000', 46_800],
      ['SVS SB-3000 低音炮两只', '两只 SB-3000', 21_600],
    ],
    [
      ['Klipsch THX-6000-LCR 前三与环绕', 'Klipsch THX', 138_000],
      ['Anthem MRX 1140 8K AV 功放', 'MRX 1140', 43_800],
      ['Epson EH-LS12000B 投影机', 'LS12000', 36_800],
    ],
    [
      ['Monitor Audio Platinum 入墙 7.1.4', '白金入墙', 236_000],
      ['StormAudio ISP 前级与后级', 'StormAudio', 268_000],
      ['Sony VPL-XW8100ES 投影机', 'XW8100', 148_000],
      ['Kaleidescape Strato 播放机', 'Strato', 58_000],
    ],
    [
      ['JBL Stage 2 影院套装 5.1.2', 'JBL Stage 2', 26_800],
      ['Yamaha RX-A4A AV 功放', 'RX-A4A', 12_800],
      ['BenQ W5850 投影机', 'W5850', 24_800],
    ],
    [
      ['DALI Rubikore 影院套装 5.1.4', 'Rubikore', 98_000],
      ['Denon AVC-X6800H AV 功放', 'X6800H', 29_800],
      ['极米 RS 20 Ultra 与 120 寸抗光幕', 'RS 20 Ultra', 22_800],
    ],
  ],
  rivals: ['JBL Synthesis', 'Dynaudio 入墙', 'Focal 1000 ICW', 'Paradigm Founder', '一家网上的全包方案', '装修公司推荐的成套影院'],
  laters: [
    [['SVS PB-4000 Pro 低音炮', 'PB-4000', 26_800], '《沙丘 2》下潜不够，想再加一只炮'],
    [['Dirac Live Bass Control 授权与上门校准', 'Dirac 校准', 4_800], '换了沙发以后低音有点乱'],
    [['马兰士 AMP 10 后级', 'AMP 10', 56_800], '想把前三声道推得更松'],
    [['影院头层皮电动座椅三连排', '三连座椅', 28_600], '老人坐不惯现在的沙发'],
    [['Control4 影院一键场景', '一键场景', 12_400], '家里人总找不到该按哪个遥控器'],
  ],
}

const vinyl: Theme = {
  tag: '黑胶',
  style: 'deck',
  rooms: ['书房 12 平米，唱片六百来张', '客厅一角，木地板', '茶室 20 平米', '工作室 35 平米，水泥地面'],
  sets: [
    [
      ['Rega Planar 6 唱机', 'Planar 6', 15_800],
      ['Rega Aria MK3 唱放', 'Aria', 11_800],
    ],
    [
      ['Technics SL-1200GR2 直驱唱机', '1200GR2', 15_980],
      ['Ortofon 2M Black LVB 唱头', '2M Black', 6_980],
    ],
    [
      ['Pro-Ject X8 Evolution 唱机', 'X8', 18_800],
      ['Hana ML 动圈唱头', 'Hana ML', 9_800],
      ['Gold Note PH-10 唱放', 'PH-10', 12_800],
    ],
    [
      ['Linn Majik LP12 唱机', 'Majik LP12', 46_000],
      ['Naim Stageline 唱放', 'Stageline', 4_600],
    ],
    [
      ['Thorens TD 1500 唱机', 'TD 1500', 16_800],
      ['Cambridge Audio Duo 唱放', 'Duo', 2_680],
    ],
  ],
  rivals: ['Clearaudio Concept', 'VPI Cliffwood', 'Michell Gyro SE', 'Audio-Technica LP7', '一台二手的 Garrard 301'],
  laters: [
    [['Degritter MK2 超声波洗碟机', '洗碟机', 26_800], '日版旧碟一放就噼啪响'],
    [['Ortofon Cadenza Blue 动圈唱头', 'Cadenza Blue', 16_800], '唱头用了一千多小时，高频发毛'],
    [['防静电刷、内袋一百个', '内袋', 680], '梅雨天唱片外套发潮'],
    [['唱臂、循迹与水平上门调校', '调校', 800], '搬了家，想请人重新调一遍'],
  ],
}

const headphones: Theme = {
  tag: '耳机',
  style: 'ears',
  rooms: ['卧室书桌，晚上十一点以后听', '办公室桌面，不能打扰同事', '书房，旁边就是婴儿房'],
  sets: [
    [
      ['Sennheiser HD 800 S 耳机', 'HD 800 S', 11_999],
      ['RME ADI-2/4 Pro SE 解码耳放', 'ADI-2/4', 15_800],
    ],
    [
      ['HIFIMAN SUSVARA UNVEILED 耳机', 'SUSVARA', 45_999],
      ['Ferrum OOR 耳放', 'OOR', 18_800],
      ['Holo Audio 五月解码器', '五月', 33_800],
    ],
    [
      ['Focal Clear Mg 耳机', 'Clear Mg', 9_980],
      ['Chord Hugo 2 解码耳放', 'Hugo 2', 15_900],
    ],
    [
      ['STAX SR-X9000 静电耳机', 'SR-X9000', 42_800],
      ['STAX SRM-T8000 驱动器', 'T8000', 45_800],
    ],
    [
      ['Audeze LCD-5 耳机', 'LCD-5', 32_800],
      ['Schiit Ragnarok 2 耳放', 'Ragnarok', 14_800],
    ],
  ],
  rivals: ['Focal Utopia', 'HIFIMAN Arya Organic', 'Beyerdynamic T1', 'Meze Empyrean II', 'Final D8000 Pro'],
  laters: [
    [['耳垫与头梁垫更换', '耳垫', 980], '耳垫塌了，声场小了一圈'],
    [['镀银升级线 4.4 平衡', '平衡线', 2_680], '换了平衡耳放，原线接不上'],
    [['耳机支架与电源滤波', '支架', 1_280], '桌面太乱，想收拾一下'],
  ],
}

const smart: Theme = {
  tag: '全屋智能',
  style: 'home',
  rooms: ['四室两厅 168 平米，毛坯', '叠拼上下三层 260 平米', '独栋连地下室 480 平米', '精装三房 128 平米，已入住', '老洋房一层，不能动墙'],
  sets: [
    [
      ['Control4 EA-5 全屋控制', 'Control4', 86_000],
      ['Lutron 调光面板与窗帘 36 路', 'Lutron', 98_000],
      ['Sonos Amp 与吸顶音箱四区', 'Sonos 四区', 46_800],
    ],
    [
      ['KNX 灯光、地暖与新风', 'KNX', 132_000],
      ['Basalte 面板 18 位', 'Basalte', 68_000],
    ],
    [
      ['Aqara 无线灯光与窗帘一套', 'Aqara', 28_600],
      ['Sonos Era 300 一对与 Arc Ultra', 'Sonos', 19_200],
    ],
    [
      ['Savant 家居控制', 'Savant', 118_000],
      ['Origin Acoustics 吸顶音箱六区', 'Origin 六区', 72_000],
    ],
    [
      ['Crestron Home 控制主机', 'Crestron Home', 146_000],
      ['电动窗帘 14 轨', '窗帘 14 轨', 42_000],
    ],
  ],
  rivals: ['米家全套', '华为全屋智能', '装修公司打包的智能', '欧瑞博', '地产商送的那一套'],
  laters: [
    [['Aqara 人体存在传感器十只', '存在传感器', 4_600], '坐着看书灯会自己灭'],
    [['庭院音箱 Sonance Patio', '庭院音箱', 16_800], '院子装好了，夏天想在外面听'],
    [['万兆光纤到房间与无线覆盖', '网络改造', 22_800], '三楼视频会议老是断'],
    [['一年维护与远程保养', '维护合同', 6_800], '保修快到期了'],
  ],
}

const living: Theme = {
  tag: '客厅影音',
  style: 'screen',
  rooms: ['客厅 24 平米，电视墙 4.2 米', '租的房子，不打孔', '客厅 36 平米，沙发靠墙', '小户型客厅 16 平米'],
  sets: [
    [
      ['Sony BRAVIA 9 85 寸电视', 'BRAVIA 9', 29_999],
      ['Sony HT-A9000 回音壁', 'A9000', 10_999],
    ],
    [
      ['LG G5 77 寸 OLED 电视', 'G5', 26_999],
      ['Sonos Arc Ultra 与 Sub 4', 'Arc Ultra', 14_800],
    ],
    [
      ['海信 U8Q 100 寸电视', 'U8Q 百寸', 19_999],
      ['Denon Home 550 与后环绕', 'Home 550', 8_600],
    ],
    [
      ['Bose Smart Ultra 回音壁套装', 'Bose Ultra', 13_800],
      ['电视挂架与走线', '挂架', 1_200],
    ],
    [
      ['Devialet Dione 回音壁', 'Dione', 21_900],
      ['Loewe stellar 65 寸电视', 'Loewe', 42_800],
    ],
  ],
  rivals: ['三星 QN90', 'TCL X11', 'JBL BAR 1300', '商场里的成套回音壁', '网店的低价套装'],
  laters: [
    [['Sonos Era 300 后环绕一对', 'Era 300', 7_600], '看电影后面总觉得是空的'],
    [['隐藏走线与墙面修补', '走线', 1_800], '太太嫌线露在外面'],
    [['电视屏幕校色上门', '校色', 1_500], '看球赛草地颜色太艳'],
  ],
}

/** What households come for. */
export const themes: readonly Theme[] = [stereo, stereo, cinema, cinema, vinyl, headphones, smart, smart, living, living]

/** What organisations come for; a room here is where it goes. */
export const firmThemes: readonly (Theme & { readonly firms: readonly string[] })[] = [
  {
    tag: '商用背景音乐',
    style: 'screen',
    firms: ['酒店', '茶空间', '书店', '餐厅', '咖啡', '瑜伽馆', '口腔诊所'],
    rooms: ['大堂与走廊共 6 区', '两层 420 平米，12 张包间', '临街一层 180 平米', '大厅、等候区与三间诊室'],
    sets: [
      [
        ['JBL Control 24CT 吸顶音箱 28 只', 'Control 24', 36_400],
        ['Crown 定压功放与分区', 'Crown 分区', 21_800],
      ],
      [
        ['Sonos Era 与 Amp 商用六区', 'Sonos 六区', 38_600],
        ['音乐版权曲库一年', '曲库', 4_800],
      ],
      [
        ['Bose FreeSpace FS2C 吸顶 24 只', 'FreeSpace', 42_000],
        ['Bose CSP-428 控制处理器', 'CSP', 13_600],
      ],
    ],
    rivals: ['装修总包自带的广播', '一套公共广播喇叭', 'Yamaha VXC'],
    laters: [
      [['分区音量旋钮与定时', '定时', 3_200], '早餐厅想自动小声'],
      [['吸顶音箱加装四只', '加装', 5_200], '新开的包间没有声音'],
    ],
  },
  {
    tag: '会议室',
    style: 'screen',
    firms: ['律师事务所', '科技有限公司', '建筑设计事务所', '投资管理有限公司', '会计师事务所', '文化传播有限公司'],
    rooms: ['16 人会议室与 3 间小会议室', '一间 40 平米的路演厅', '总经理办公室与大会议室', '八楼整层 5 间会议室'],
    sets: [
      [
        ['Yamaha ADECIA 天花麦克风系统', 'ADECIA', 58_000],
        ['Sony 98 寸商用屏', '98 寸屏', 46_000],
      ],
      [
        ['Bose VB-S 与 86 寸会议屏', 'VB-S', 38_800],
        ['会议预约屏四块', '预约屏', 12_000],
      ],
      [
        ['Crestron Flex 会议系统', 'Flex', 88_000],
        ['Biamp Tesira 音频处理', 'Tesira', 42_000],
      ],
    ],
    rivals: ['MAXHUB 一体机', '华为 IdeaHub', 'Poly 套装'],
    laters: [
      [['第二间会议室同款', '第二间', 46_000], '另一个部门也要一间'],
      [['年度巡检与备件', '巡检', 8_800], '行政要求有维护合同'],
    ],
  },
  {
    tag: '私人影院与会所',
    style: 'screen',
    firms: ['私人影院', '会所', '俱乐部', '艺术空间', '民宿'],
    rooms: ['五间影厅，最大 38 平米', '一间 60 平米的品鉴室', '主楼客厅与露台', '地下 90 平米放映厅'],
    sets: [
      [
        ['JBL Synthesis SCL 影院扬声器', 'SCL', 186_000],
        ['Trinnov Altitude16 处理器', 'Altitude', 148_000],
        ['Barco 投影机', 'Barco', 168_000],
      ],
      [
        ['Klipsch 商用影院三间', 'Klipsch 三间', 148_000],
        ['Epson 激光投影三台', '激光三台', 86_000],
      ],
      [
        ['Tannoy VX 与功放', 'VX', 62_000],
        ['灯光与音响联动', '联动', 18_000],
      ],
    ],
    rivals: ['影院管家的成套', '另一家集成商的全包', 'QSC 商用影院'],
    laters: [
      [['影厅隔声门两樘', '隔声门', 22_000], '两间挨着，低音串了'],
      [['播放服务器扩容', '扩容', 16_000], '片子存不下了'],
    ],
  },
]
