import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { AppError } from '../../domain/errors.ts'
import { explainStartError } from './startErrors.ts'

const chinese = { LANG: 'zh_CN.UTF-8' }
const english = { LANG: 'en_US.UTF-8' }

test('the language follows LC_ALL before LANG, and is English when none is Chinese', () => {
  const error = new AppError('port_taken', { port: 7410 })
  expect(explainStartError(error, chinese)).toBe('端口 7410 已被占用：请停止占用它的程序，或用 --port 换一个。')
  expect(explainStartError(error, { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toMatch(/^Port 7410 is taken: /)
  expect(explainStartError(error, {})).toMatch(/^Port 7410 is taken: /)
})

test.each([
  [new AppError('data_in_use', { path: '/d', pid: 12 }), /in use by another instance \(process 12\).*--data/],
  [new AppError('data_newer', { path: '/d', found: 'format 2', supported: 'format 1' }), /format 2.*format 1.*install/],
  [new AppError('disk_full', { path: '/d' }), /disk is full \(\/d\).*free/],
  [new AppError('passphrase_wrong'), /passphrase is wrong/],
  [new AppError('keyring_invalid', { file: '/d/keys/root.key', problem: 'missing' }), /root\.key is missing: put it back/],
  [new AppError('keyring_invalid', { file: '/d/keys/root.key', problem: 'mode' }), /chmod 600 \/d\/keys\/root\.key/],
  [new AppError('keyring_invalid', { file: '/d/keys/keyring.json', problem: 'truncated' }), /keyring\.json is damaged or cut short/],
  [new AppError('config_invalid', { option: '--port', problem: 'not_a_port' }), /^--port must be a port number/],
  [new AppError('database_unavailable', { problem: 'start_failed', path: '/d' }), /\/d\/log\/postgres\.log/],
  [new AppError('backup_invalid', { path: '/b/data.age', problem: 'damaged' }), /^\/b\/data\.age is damaged: .* Take another backup\.$/],
  [
    new AppError('backup_invalid', { path: '/b', problem: 'other_kit', kit: 'A-B', given: 'C-D' }),
    /needs recovery kit A-B; the shares are of kit C-D/,
  ],
  [new AppError('backup_failed', { path: '/b', problem: 'disk_full' }), /was not made: the disk of \/b is full/],
  [new AppError('restore_refused', { path: '/d', problem: 'unfinished' }), /interrupted: run restore again .* or delete/],
  [new AppError('shares_invalid', { problem: 'too_few', given: 1, needed: 3 }), /^Too few shares: 1 given, 3 needed\.$/],
  [Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 7410 }), /^Port 7410 is taken/],
  [Object.assign(new Error('write'), { code: 'ENOSPC' }), /disk is full/],
  [new Error('odd\nat stack'), /^The start failed \(odd\)\.$/],
])('%s is one line that says what to do', (error, line) => {
  for (const env of [english, chinese]) expect(explainStartError(error, env)).not.toMatch(/\n|\{|\?/)
  expect(explainStartError(error, english)).toMatch(line)
  expect(explainStartError(error, chinese)).toMatch(/[\u4e00-\u9fff]/)
})

test('a database error shows its code only: its message may quote a row', () => {
  const error = Object.assign(new Error('invalid input syntax: "王小明"'), { severity: 'ERROR', code: '22P02' })
  expect(explainStartError(error, english)).toBe('The start failed (22P02).')
})

test('a port that needs a privilege, and an address or name of another machine, are settings and not a matter of the data folder', async () => {
  const listen = (host: string) =>
    new Promise((resolve) => {
      const server = createServer().once('error', resolve)
      server.listen(0, host, () => server.close(() => resolve(null)))
    })
  const cases: [unknown, string][] = [
    [Object.assign(new Error('x'), { code: 'EACCES', syscall: 'listen', port: 443 }), 'Port 443 needs a privilege'],
    [await listen('192.0.2.1'), '192.0.2.1 is no address or name of this machine'],
    [await listen('nobody.invalid'), 'nobody.invalid is no address or name of this machine'],
  ]
  for (const [error, line] of cases) {
    expect(explainStartError(error, { LANG: 'C' })).toContain(line)
    expect(explainStartError(error, { LANG: 'zh_CN.UTF-8' })).not.toMatch(/\{|启动失败/)
  }
})
