import { accessSync, constants, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { need, optional, secretFrom } from '../arguments.ts'
import { Refusal, Usage } from '../refusal.ts'
import type { Verb } from '../verb.ts'

type Made = { shares: string[]; kitId: string; recipient: string }

const sizes = { '3of5': { shares: 5, threshold: 3 }, '2of3': { shares: 3, threshold: 2 } } as const

const sheet = (share: string, { kitId }: Made, place: number, of: { shares: number; threshold: number }): string =>
  [
    `消声室 恢复密钥分片 ${place}/${of.shares}（套件 ${kitId}）`,
    `Anechoic recovery share ${place} of ${of.shares} (kit ${kitId})`,
    '',
    share,
    '',
    `任意 ${of.threshold} 份可恢复全部密钥。请打印，分开保管，然后删除此文件。`,
    `Any ${of.threshold} of them recover all keys. Print it, keep the sheets in different places, then delete this file.`,
    '',
  ].join('\n')

export const setup: Verb = {
  usage:
    'setup --company NAME --store NAME --owner LOGIN --password-file FILE --kit-dir DIR [--name NAME] [--kit 3of5|2of3] [--passphrase-file FILE]',
  options: ['company', 'store', 'owner', 'name', 'password-file', 'kit-dir', 'kit', 'passphrase-file'],
  run: async (given, client) => {
    const size = sizes[(optional(given, 'kit') ?? '3of5') as keyof typeof sizes]
    if (!size) throw new Usage('--kit is 3of5 or 2of3')
    const login = need(given, 'owner')
    const folder = resolve(process.env['INIT_CWD'] ?? process.cwd(), need(given, 'kit-dir'))
    const body = {
      company: need(given, 'company'),
      store: need(given, 'store'),
      owner: { login, name: optional(given, 'name') ?? login, password: secretFrom(given, 'password-file') },
      kit: size,
      ...(optional(given, 'passphrase-file') === undefined ? {} : { passphrase: secretFrom(given, 'passphrase-file') }),
    }
    // Before anything is made: shares that cannot be written would be lost.
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.W_OK)
    } catch {
      throw new Refusal('data_unreachable', { path: folder })
    }
    const taken = readdirSync(folder).find((name) => /^share-\d+\.txt$/.test(name))
    if (taken !== undefined) throw new Refusal('duplicate', { path: join(folder, taken) })
    const made = await client.call<Made>('POST', '/api/setup', body)
    const files = made.shares.map((share, i) => {
      const file = join(folder, `share-${i + 1}.txt`)
      writeFileSync(file, sheet(share, made, i + 1, size), { mode: 0o600, flag: 'wx' })
      return file
    })
    const value = { company: body.company, store: body.store, owner: login, kitId: made.kitId, recipient: made.recipient, shares: files }
    return { value, lines: [`${body.company}: ${login}`, ...files] }
  },
}
