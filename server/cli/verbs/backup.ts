import { resolve } from 'node:path'
import { fromFrames } from '../../backup/frames.ts'
import { writeBackup } from '../../backup/writeBackup.ts'
import { need, optional } from '../arguments.ts'
import { untilReady } from '../reachServer.ts'
import { Usage } from '../refusal.ts'
import { signInAs, staffOptions, type Verb } from '../verb.ts'

export const backup: Verb = {
  usage: 'backup create --to DIR [--as LOGIN --password-file FILE]',
  options: [...staffOptions, 'to'],
  run: async (given, client) => {
    if (given.words[0] !== 'create') throw new Usage('backup create --to DIR')
    const to = resolve(process.env['INIT_CWD'] ?? process.cwd(), need(given, 'to'))
    // Sealed to the recovery kit it shows nobody anything, so it needs nobody; with --as the log says who.
    await (optional(given, 'as') === undefined ? untilReady(client) : signInAs(given, client))
    const { name, folder, bytes, manifest } = await writeBackup(to, fromFrames(await client.download('POST', '/api/backups/stream')))
    const { createdAt, tables, audit } = manifest
    await client.call('POST', '/api/backups/written', { at: createdAt, name, folder: to, bytes })
    const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
    const value = { name, folder, bytes, createdAt, customers: tables['public.customers'] ?? 0, rows, auditSize: audit }
    return { value, lines: [folder, `${rows} rows, ${(bytes / 1e6).toFixed(1)} MB`] }
  },
}
