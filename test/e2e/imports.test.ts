import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { expect, test, vi } from 'vitest'
import { root } from '../support/server.ts'
import { type Cell, errorCell, formula, makeWorkbook, styled } from '../support/workbook.ts'
import { inspect } from './support/inspect.ts'
import { button, choose, input, see, seeHeading, signIn, until } from './support/page.ts'
import { openScene } from './support/scene.ts'
import { chooseFile, readTally } from './support/wizard.ts'
import { counted, fill, type Language, languages } from './support/words.ts'

vi.setConfig({ testTimeout: 180_000 }) // a bound for hangs; the journeys are long

const scene = openScene()

/** A list as a dealer keeps it in Excel: ten people, of whom three cannot be taken as they are. `n` keeps the two languages' people apart. */
const list = (n: number): string =>
  [
    '姓名,手机,地址,备注,会员号',
    `林默${n},1381234000${n},上海市静安区南京西路${n}号,"喜欢""安静"", 晚上来电",A1`,
    `周小满${n},1381234010${n},,,A2`,
    `吴一凡${n},1.38E+10,上海市闵行区,被表格改坏的号码,A3`,
    `,1381234020${n},没有姓名,,A4`,
    `郑短${n},1381,号码太短,,A5`,
    `王二${n},1381234030${n},杭州市西湖区,,A6`,
    `王二的太太${n},1381234030${n},同一个号码,,A7`,
    `𠮷野家${n},1381234040${n},东京,生僻字,A8`,
    '',
  ].join('\r\n')

test.each(languages)(
  'a list from Excel goes through the wizard to its report, and the refused rows come back with reasons (%s)',
  async (language) => {
    const n = { 'zh-CN': 1, en: 2 }[language as Language]
    const tab = await scene.windows.open(scene.dealer.url, {
      language,
      width: language === 'en' ? 390 : 1280,
      theme: language === 'en' ? 'dark' : 'light',
    })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, '/imports')
    await chooseFile(tab, { name: '客户.csv', bytes: iconv.encode(list(n), 'gb18030') })
    await see(page, counted(words.imports, 'found', 8))
    await see(page, words.imports.encodings.gb18030)
    await see(page, fill(words.imports.columnsUsed, { used: 4, count: 5 }))
    // What will be refused is told before anything is stored.
    const preview = page.getByRole('group', { name: words.imports.preview })
    await see(preview.getByRole('row').filter({ hasText: `吴一凡${n}` }), words.problems.phone_scientific)
    await see(preview, words.problems.name_missing)
    await see(preview.getByRole('row').filter({ hasText: `郑短${n}` }), words.problems.phone_too_short)
    await see(preview, `𠮷野家${n}`)
    const found = await inspect(page, 'columns and preview')

    await button(page, counted(words.imports, 'start', 8)).click()
    await seeHeading(page, words.imports.result)
    expect(await readTally(tab)).toEqual({ created: 4, skipped: 1, refused: 3 })
    found.push(...(await inspect(page, 'report')))

    const [download] = await Promise.all([page.waitForEvent('download'), button(page, words.imports.refusedDownload).click()])
    expect(download.suggestedFilename()).toBe(words.imports.refusedFile)
    const refused = await readFile(await download.path(), 'utf8')
    expect(refused).toContain('1.38E+10')
    expect(refused).toContain(`郑短${n}`)
    expect(refused).toContain('没有姓名')
    expect(refused).toContain('A5')
    expect(refused).not.toContain('林默')
    expect(refused.trim().split(/\r?\n/)).toHaveLength(4)

    // The report is mended where it stands and imported as it is.
    await button(page, words.imports.another).click()
    await chooseFile(tab, { name: words.imports.refusedFile, bytes: Buffer.from(refused.replace('1.38E+10', `1381234050${n}`)) })
    await see(page, counted(words.imports, 'found', 3))
    await button(page, counted(words.imports, 'start', 3)).click()
    await seeHeading(page, words.imports.result)
    await until(() => readTally(tab), { created: 1, skipped: 0, refused: 2 })

    await button(page, words.imports.toCustomers).click()
    await input(page, words.customers.search).fill(`上海市静安区南京西路${n}号`)
    await until(() => page.locator('.grid-table tbody a').allInnerTexts(), [`林默${n}`])
    await page.locator('.grid-table tbody a').click()
    await see(page, '喜欢"安静", 晚上来电')
    expect(found).toEqual([])
  },
)

test.each(languages)('customers whose owner or store the list names in vain are counted in the report (%s)', async (language) => {
  const n = { 'zh-CN': 1, en: 2 }[language as Language]
  const tab = await scene.windows.open(scene.dealer.url, { language, width: language === 'en' ? 390 : 1280 })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/imports')
  const rows = [
    '姓名,手机,负责人,门店',
    `冯一${n},1391234000${n},查无此人,`,
    `冯二${n},1391234010${n},,火星店`,
    `冯三${n},1391234020${n},,火星店`,
  ]
  await chooseFile(tab, { name: '客户.csv', bytes: Buffer.from(rows.join('\n')) })
  await button(page, counted(words.imports, 'start', 3)).click()
  await seeHeading(page, words.imports.result)
  await see(page, counted(words.imports, 'pooled', 1))
  await see(page, counted(words.imports, 'storeUnknown', 2))
  expect(await inspect(page, 'counts')).toEqual([])
})

test('a file that is none of the kinds says what to do, and another one is taken', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'en' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/imports')
  await chooseFile(tab, { name: 'customers.csv', bytes: Buffer.from('name,phone\n"never closed,13812345678\n'.repeat(3)) })
  await page
    .getByRole('alert')
    .or(page.getByRole('group', { name: words.imports.preview }))
    .first()
    .waitFor()
  expect(await page.locator('body').innerText()).toMatch(
    new RegExp(`${words.errors.file_unreadable.title}|${words.problems.quote_unclosed}`),
  )
})

test.each(languages)(
  'a workbook is read from the right sheet and row, and what is wrong in it is said before and after (%s)',
  async (language) => {
    const n = { 'zh-CN': 1, en: 2 }[language as Language]
    const tab = await scene.windows.open(scene.dealer.url, {
      language,
      width: language === 'en' ? 390 : 1280,
      theme: language === 'en' ? 'light' : 'dark',
    })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, '/imports')
    const people = (store: string, at: number): Cell[][] => [
      [`${store}客户表`],
      ['打印时间', styled(45_366, 1)],
      [],
      ['客户姓名', '手机号', '小区', '入会日期'],
      [`季常${at}`, 13_700_000_000 + at * 1_001 + 7, '静安里', styled(45_366, 1)],
      [`${store}老${at}`, '1.37E+10', '静安里', null],
      [formula('A5'), `1371234000${at}`, '静安里', null],
      [`莫问${at}`, errorCell('#REF!'), '静安里', null],
      [`叶青${at}`, `1371234100${at}`, errorCell('#N/A'), null],
    ]
    const bytes = makeWorkbook([
      { name: '说明', rows: [['每月更新一次']] },
      { name: '浦东店', rows: people('浦东', n) },
      { name: '静安店', rows: people('静安', n + 5) },
    ])
    await chooseFile(tab, { name: '客户.xlsx', bytes })
    await see(page, counted(words.imports, 'found', 5))
    await see(page, words.imports.formats.xlsx)
    await see(page, fill(words.imports.headerRow, { line: 4, cells: '客户姓名 · 手机号 · 小区 · 入会日期' }))
    const preview = page.getByRole('group', { name: words.imports.preview })
    await see(preview.getByRole('row').filter({ hasText: `浦东老${n}` }), words.problems.phone_scientific)
    await choose(page, words.imports.sheet, '静安店')
    await see(preview, `季常${n + 5}`)
    await see(preview.getByRole('row').filter({ hasText: '=A5' }), words.problems.formula_uncached)
    await see(preview.getByRole('row').filter({ hasText: `莫问${n + 5}` }), words.problems.cell_error)
    const found = await inspect(page, 'workbook')
    // A date is nobody's idea of a tag, but whoever wants it gets it as a date.
    await choose(page, fill(words.imports.becomes, { column: '入会日期' }), words.imports.targets.notes)
    await see(preview, '2024-03-15')
    await button(page, counted(words.imports, 'start', 5)).click()
    await seeHeading(page, words.imports.result)
    expect(await readTally(tab)).toEqual({ created: 2, skipped: 0, refused: 3 })
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, words.imports.refusedDownload).click()])
    const refused = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
    expect(refused.map((line) => line.split(',')[0])).toEqual([expect.stringContaining('行 line'), '6', '7', '8'])
    expect(refused[2]).toContain('=A5')
    expect(found).toEqual([])
  },
)

test.each(languages)('a workbook with a password says so, and another file is taken (%s)', async (language) => {
  const tab = await scene.windows.open(scene.dealer.url, { language, width: 390 })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/imports')
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(500), Buffer.from('EncryptedPackage', 'utf16le')])
  await chooseFile(tab, { name: '加密.xlsx', bytes: ole })
  await see(page.getByRole('alert'), words.fileProblems.is_encrypted)
  expect(await inspect(page, 'refused file')).toEqual([])
  await chooseFile(tab, { name: 'a.csv', bytes: Buffer.from('姓名,电话\n甲,13800138000\n') })
  await see(page, counted(words.imports, 'found', 1))
})

const card = (name: string, phone: string, photo = ''): string =>
  [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `N:${name.slice(0, 1)};${name.slice(1)};;;`,
    `FN:${name}`,
    `TEL;TYPE=CELL:${phone}`,
    ...(photo ? [`PHOTO;ENCODING=b;TYPE=JPEG:${photo}`] : []),
    'END:VCARD',
    '',
  ].join('\r\n')

test('cards from a phone are taken, photographs left behind', async () => {
  const tab = await scene.windows.open(scene.dealer.url, { language: 'zh-CN' })
  const { page, words } = tab
  await signIn(tab, scene.dealer.boss, '/imports')
  const photo = Buffer.alloc(200_000, 7).toString('base64')
  const bytes = Buffer.from(card('许听松', '138 6666 0001', photo) + card('何静之', '+8613866660002'))
  await chooseFile(tab, { name: '通讯录.vcf', bytes })
  await see(page, counted(words.imports, 'found', 2))
  await button(page, counted(words.imports, 'start', 2)).click()
  await seeHeading(page, words.imports.result)
  expect(await readTally(tab)).toEqual({ created: 2, skipped: 0, refused: 0 })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: words.finder.label }).fill('xutingsong')
  await page.getByRole('option', { name: '许听松' }).waitFor()
  await page.keyboard.press('Enter')
  await seeHeading(page, '许听松')
  await see(page, '138 6666 0001')
})

const vcards = join(root, '..', 'shared', 'data', 'vcards')
const foreign = [
  { file: 'John_Doe_ANDROID.vcf', total: 6, created: 2 },
  // Its phones are words such as “HomePhone”.
  { file: 'outlook-2003.vcf', total: 1, created: 0 },
  { file: 'rfc6350-example.vcf', total: 1, created: 1 },
]
if (!existsSync(vcards)) process.stderr.write('skipped: vCards of other programs (no ../shared/data/vcards)\n')

test.skipIf(!existsSync(vcards)).each(foreign)(
  'cards that another program wrote go through the wizard to their report ($file)',
  async ({ file, total, created }) => {
    const tab = await scene.windows.open(scene.dealer.url, { language: 'en' })
    const { page, words } = tab
    await signIn(tab, scene.dealer.boss, '/imports')
    await chooseFile(tab, join(vcards, file))
    await button(page, counted(words.imports, 'start', total)).click()
    await seeHeading(page, words.imports.result)
    expect(await readTally(tab)).toEqual({ created, skipped: 0, refused: total - created })
    if (created === total) return
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, words.imports.refusedDownload).click()])
    const refused = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
    expect(refused).toHaveLength(1 + total - created)
  },
)
