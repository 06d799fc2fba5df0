import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import type { Ledger } from './ledger.ts'

/** Asks the embedded database itself, past the product: are all acknowledged ids there, and is the audit order dense with every entry in it? */
export const examineDatabase = async (data: string, ledger: Ledger): Promise<{ entries: number; problems: string[] }> => {
  const socket = (await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[4]!
  const password = (await readFile(join(data, 'secrets', 'owner.password'), 'utf8')).trim()
  const client = new pg.Client({ host: socket, user: 'anechoic_owner', password, database: 'anechoic' })
  await client.connect()
  try {
    const ids = [...ledger.lines().values()].map((line) => line.id)
    const { rows } = await client.query<Record<'lost' | 'entries' | 'unplaced' | 'top' | 'placed' | 'orphans', string>>(
      `select (select count(*) from unnest($1::uuid[]) id where not exists (select from customers c where c.id = id)) lost,
              (select count(*) from audit.entry) entries,
              (select count(*) from audit.entry e where not exists (select from audit.sequence s where s.entry_id = e.id)) unplaced,
              (select coalesce(max(idx), -1) from audit.sequence) top,
              (select count(*) from audit.sequence) placed,
              (select count(*) from customers c where not exists (select from audit.entry e where e.records @> array[c.id])) orphans`,
      [ids],
    )
    const count = (name: keyof (typeof rows)[0]): number => Number(rows[0]![name])
    return {
      entries: count('entries'),
      problems: [
        ...(count('lost') > 0 ? [`${count('lost')} acknowledged customers are not in the table`] : []),
        ...(count('unplaced') > 0 ? [`${count('unplaced')} audit entries have no index`] : []),
        ...(count('top') + 1 === count('placed') ? [] : [`the audit order has gaps: top ${count('top')}, ${count('placed')} placed`]),
        ...(count('orphans') > 0 ? [`${count('orphans')} customers without an audit entry`] : []),
      ],
    }
  } finally {
    await client.end()
  }
}
