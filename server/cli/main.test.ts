import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { openLog } from '../http/log.ts'
import { type RunningServer, startServer } from '../main.ts'
import { runCli } from './main.ts'

// Below /tmp, where the account of the database can reach it. The server runs without a TCP port, as a verb would start it.
const data = mkdtempSync('/tmp/anechoic-cli-')
const elsewhere = `${data}-elsewhere`
// The run's own setting would be refused by the servers that verbs start.
delete process.env['ANECHOIC_TEST_DATABASES']
const files = mkdtempSync('/tmp/anechoic-cli-files-')
const file = (name: string): string => join(files, name)
let server: RunningServer
beforeAll(async () => {
  server = await startServer(readConfig(['--no-listen', '--data', data], {}), openLog({ write: () => {} }))
  writeFileSync(file('password'), 'quiet-room-with-thick-walls-41\n')
  writeFileSync(file('wrong'), 'quiet-room-with-thin-walls-41\n')
  writeFileSync(file('list.csv'), '姓名,电话\n李雷,13912345678\n韩梅梅,138\n')
})
afterAll(async () => {
  await server?.stop()
  for (const folder of [data, elsewhere, files]) rmSync(folder, { recursive: true, force: true })
})

const run = async (...argv: string[]): Promise<{ code: number; value: unknown; lines: string[]; warned: string }> => {
  const lines: string[] = []
  let warned = ''
  const code = await runCli(
    argv,
    (line) => void lines.push(line),
    (line) => void (warned += line),
    {},
  )
  const value = argv.includes('--json') && lines.length === 1 ? (JSON.parse(lines[0]!) as unknown) : null
  return { code, value, lines, warned }
}
const here = ['--data', data, '--json']
const asOwner = ['--as', 'laoban', '--password-file', file('password'), ...here]
const setup = [
  'setup',
  '--company',
  '静听影音',
  '--store',
  '静安店',
  '--owner',
  'laoban',
  '--password-file',
  file('password'),
  '--kit-dir',
  file('kit'),
]

test('sets up once, writes the shares for their owner only, and refuses a second time', async () => {
  expect(server.url).toBe(null)
  expect(await run('search', 'customers', '李', ...asOwner)).toMatchObject({ code: 1, value: { error: { code: 'setup_required' } } })
  const { code, value } = await run(...setup, ...here)
  expect(code).toBe(0)
  const { shares } = value as { shares: string[] }
  expect(shares).toHaveLength(5)
  for (const share of shares) expect(statSync(share).mode & 0o077).toBe(0)
  expect(readFileSync(shares[0]!, 'utf8')).toContain('1 of 5')
  // The folder of the kit is looked at before anything is made: shares that cannot be written would be lost.
  expect(await run(...setup, ...here)).toMatchObject({ code: 1, value: { error: { code: 'duplicate' } } })
  const again = [...setup.map((word) => (word === '静听影音' ? '别的公司' : word === file('kit') ? file('kit2') : word)), ...here]
  expect(await run(...again)).toMatchObject({ code: 1, value: { error: { code: 'setup_done' } } })
})

test('imports a list, says what was refused, and finds who is in it', async () => {
  const { code, value } = await run('import', 'customers', file('list.csv'), ...asOwner)
  expect([code, value]).toEqual([
    0,
    { created: 1, updated: 0, skipped: 0, refused: 1, pooled: 0, storeUnknown: 0, refusedFile: file('list.csv.refused.csv') },
  ])
  expect(readFileSync(file('list.csv.refused.csv'), 'utf8')).toContain('3,电话:电话号码太短 / Phones: Phone number too short,韩梅梅,138')
  const found = await run('search', 'customers', 'lilei', ...asOwner)
  expect(found).toMatchObject({ code: 0, value: { total: 1, items: [{ name: '李雷' }] } })
  expect(await run('search', 'customers', '没有这个人', ...asOwner)).toMatchObject({ code: 0, value: { total: 0, items: [] } })
})

test('imports as it is told: columns by --map, known people merged, source and consent for all, and first of all only to see', async () => {
  writeFileSync(file('odd.csv'), '谁;号码;师傅说的\n李雷;13912345678;喜欢黑胶\n安静;13912345679;新客\n')
  writeFileSync(file('map.json'), JSON.stringify({ 谁: 'name', 师傅说的: 'notes' }))
  const told = ['--map', file('map.json'), '--on-duplicate', 'merge', '--source', 'exhibition', '--consent', 'sms,wechat', ...asOwner]
  const outcome = { created: 1, updated: 1, skipped: 0, refused: 0, pooled: 0, storeUnknown: 0, refusedFile: null }
  expect(await run('import', 'customers', file('odd.csv'), '--dry-run', ...told)).toMatchObject({ code: 0, value: outcome })
  expect(await run('search', 'customers', '安静', ...asOwner)).toMatchObject({ value: { total: 0 } })
  expect(await run('import', 'customers', file('odd.csv'), ...told)).toMatchObject({ code: 0, value: outcome })
  expect(await run('search', 'customers', '安静', ...asOwner)).toMatchObject({ value: { total: 1 } })
  expect(await run('import', 'customers', file('odd.csv'), '--map', '{"电话":"phones"}', ...asOwner)).toMatchObject({
    code: 1,
    value: { error: { code: 'input_invalid' } },
  })
  expect(await run('import', 'customers', file('odd.csv'), '--map', '[1', ...asOwner)).toMatchObject({ code: 1 })
  expect(await run('import', 'customers', file('odd.csv'), '--map', '{1', ...asOwner)).toMatchObject({ code: 2 })
  expect(await run('import', 'customers', file('odd.csv'), '--sheet', '0', ...asOwner)).toMatchObject({ code: 2 })
})

test('being the owner of the data folder is no right to read customers', async () => {
  const wrong = ['--as', 'laoban', '--password-file', file('wrong'), ...here]
  expect(await run('search', 'customers', '李', ...wrong)).toMatchObject({ code: 1, value: { error: { code: 'sign_in_failed' } } })
  expect(await run('search', 'customers', '李', ...here)).toMatchObject({ code: 2 })
})

test('adds staff, who see what their role sees', async () => {
  const added = await run('user', 'add', 'shenji', '--role', 'auditor', ...asOwner)
  expect(added.code).toBe(0)
  writeFileSync(file('auditor'), (added.value as { password: string }).password)
  const invented = ['--as', 'shenji', '--password-file', file('auditor'), ...here]
  // The invented password is good for choosing one's own, and for nothing else.
  expect(await run('audit', 'tail', ...invented)).toMatchObject({ code: 1, value: { error: { code: 'password_change_required' } } })
  writeFileSync(file('own'), 'nur-der-pruefer-kennt-das')
  expect(await run('user', 'password', '--new-password-file', file('own'), ...invented)).toMatchObject({
    code: 0,
    value: { changed: true },
  })
  const asAuditor = ['--as', 'shenji', '--password-file', file('own'), ...here]
  expect(await run('search', 'customers', '李', ...asAuditor)).toMatchObject({ code: 1, value: { error: { code: 'not_found' } } })
  const tail = await run('audit', 'tail', ...asAuditor)
  expect((tail.value as { items: { action: string }[] }).items.map(({ action }) => action)).toContain('import')
  expect(JSON.stringify(tail.value)).not.toContain('李雷')
})

test('doctor tells what is not well, and key verbs wait for their job', async () => {
  const { code, value } = await run('doctor', ...here)
  const { ok, checks } = value as { ok: boolean; checks: { name: string; ok: boolean }[] }
  expect([code, ok]).toEqual([1, false])
  expect(checks.find(({ name }) => name === 'ready')?.ok).toBe(true)
  expect(checks.find(({ name }) => name === 'recovery kit')?.ok).toBe(false)
  expect(await run('key', 'rotate', ...asOwner)).toMatchObject({ code: 0, value: { state: 'done' } })
  expect((await run('key', 'status', ...asOwner)).value).toMatchObject({ epochs: [{ state: 'destroyed' }, { state: 'current' }] })
})

test('a backup needs nobody, says who asked if somebody did, and comes back on another folder with the kit alone', async () => {
  const made = await run('backup', 'create', '--to', file('backups'), ...here)
  expect(made).toMatchObject({ code: 0, value: { customers: 2 } })
  const { folder, name } = made.value as { folder: string; name: string }
  expect(folder).toBe(join(file('backups'), name))
  expect((await run('backup', 'create', '--to', file('backups'), ...asOwner)).code).toBe(0)
  const { checks } = (await run('doctor', ...here)).value as { checks: { name: string; ok: boolean; detail: string }[] }
  expect(checks.find((check) => check.name === 'last backup')).toMatchObject({ ok: true, detail: expect.stringContaining(file('backups')) })
  const tail = (await run('audit', 'tail', ...asOwner)).value as { items: { action: string; staffName: string | null }[] }
  expect(tail.items.filter(({ action }) => action === 'backup_create').map(({ staffName }) => staffName)).toEqual(['laoban', null])

  const restore = ['restore', '--from', file('backups'), '--kit-dir', file('kit')]
  expect(await run(...restore, ...here)).toMatchObject({
    code: 1,
    value: { error: { code: 'restore_refused', details: { problem: 'not_empty', reason: expect.stringContaining(data) } } },
  })
  // One mistyped share spoils the rest: its file is named.
  cpSync(file('kit'), file('kit-wrong'), { recursive: true })
  const wrong = join(file('kit-wrong'), 'share-2.txt')
  writeFileSync(wrong, readFileSync(wrong, 'utf8').replace(/[0-9A-Z]{4}(?=-[0-9A-Z]{4}\n)/, '0000'))
  expect(await run('restore', '--from', file('backups'), '--kit-dir', file('kit-wrong'), '--data', elsewhere, '--json')).toMatchObject({
    code: 1,
    value: { error: { code: 'shares_invalid', details: { problem: 'mistyped', reason: expect.stringContaining(wrong) } } },
  })
  expect(existsSync(elsewhere)).toBe(false)
  const restored = await run(...restore, '--data', elsewhere, '--json')
  expect(restored).toMatchObject({ code: 0, value: { company: '静听影音', customers: 2, data: elsewhere, warnings: [] } })
  // As the server would start it: with the password from before, and the customer found by the index made anew.
  const found = await run(
    'search',
    'customers',
    'lilei',
    '--as',
    'laoban',
    '--password-file',
    file('password'),
    '--data',
    elsewhere,
    '--json',
  )
  expect(found).toMatchObject({ code: 0, value: { total: 1, items: [{ name: '李雷' }] } })
}, 180_000)

test.each([
  [['export', 'customers'], 1, 'not_in_this_version'],
  [['backup'], 2, 'usage'],
  [['backup', 'create'], 2, 'usage'],
  [['restore', '--from', '/nowhere'], 2, 'usage'],
  [['restore', '--from', '/nowhere', '--kit-dir', '/nowhere', '--data', '/nowhere'], 1, 'file_unreadable'],
  [['witness'], 1, 'not_in_this_version'],
  [['audit', 'verify'], 1, 'not_in_this_version'],
  [['nonsense'], 2, 'usage'],
  [['search'], 2, 'usage'],
  [['import', 'customers', '/nowhere.csv', '--as', 'x', '--password-file', '/nowhere'], 1, 'file_unreadable'],
  [['key', 'melt'], 2, 'usage'],
  [['doctor', '--colour'], 2, 'usage'],
] as const)('%j ends with %d (%s) and one JSON value', async (argv, code, said) => {
  const result = await run(...argv, '--json')
  expect([result.code, result.lines.length]).toEqual([code, 1])
  expect(result.value).toMatchObject({ error: { code: said } })
})
