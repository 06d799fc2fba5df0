import type pg from 'pg'
import { type Outlook, look, lowOf, rangesOf } from './gaps.ts'

/** Any constant will do, as long as every node takes the same. */
const SEQUENCER_LOCK = 7_410_002
/** Most entries given an index in one commit. */
const MOST_AT_ONCE = 5_000
/** Milliseconds between looks when nobody kicks: finds what a node committed just before it died. */
const HEARTBEAT = 500
/** Channels: an entry was committed; entries were given an index. */
export const COMMITTED = 'anechoic_committed'
export const SEQUENCED = 'anechoic_sequenced'

const firstLook = `select
  coalesce((select low from audit.sequence where low is not null order by idx desc limit 1), 0) as low,
  coalesce((select max(idx) from audit.sequence), -1) as last`

// The few candidates are looked up one by one: an anti-join would read the whole order each time, and plans are made while tables are small.
const indexOnly = 'set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off'

// One snapshot for all: what is visible, and which transactions were running. The statement's own transaction number is taken after the snapshot, so it is
// above that of every transaction that had an entry id by then (the snapshot's xmax is not: it is next to the newest *ended* one). Ids are in the order of writes to one record, since whoever writes it
// holds its row lock before the entry gets an id; transaction numbers are not.
const giveIndices = {
  name: 'audit-sequence',
  text: `with seen as materialized (
      select e.id from unnest($1::bigint[], $2::bigint[]) as r (a, b) join audit.entry e on e.id >= r.a and e.id <= coalesce(r.b, 9223372036854775807)
      order by e.id limit ${MOST_AT_ONCE}
    ), given as (
      insert into audit.sequence (idx, entry_id, low)
      select $3 + row_number() over (order by id), id, case when row_number() over (order by id) = 1 then $4::bigint end from seen s
      where (select q.idx from audit.sequence q where q.entry_id = s.id) is null
      returning idx
    ), told as (
      select pg_notify('${SEQUENCED}', max(idx)::text) from given having count(*) > 0
    )
    select (select array_agg(id order by id) from seen) as ids, (select max(idx) from given) as last, (select count(*) from told) as told,
      pg_snapshot_xmin(pg_current_snapshot())::text as xmin, case when exists (select from seen) then pg_current_xact_id()::text end as own`,
}

type Options = {
  /** A connection of its own: the lock lives and dies with it. */
  connect: (name: string) => Promise<pg.Client>
  /** Told the newest index, in the leader's process, at once. */
  onSequenced?: (last: number) => void
}

/**
 * Gives committed entries one dense order (DESIGN 5). Every node runs one; whoever holds the advisory lock leads, the others wait for the lock, so a
 * leader that dies is replaced as soon as the database sees its connection gone. Gaps of rolled-back entries take no index, and an entry that commits
 * late gets the next one.
 */
export const startSequencer = ({ connect, onSequenced = () => {} }: Options) => {
  let stopped = false
  let leading = false
  let last = -1
  let problem: string | null = null
  let client: pg.Client | null = null
  let wake = (): void => {}
  let kicked = false

  const kick = (): void => {
    kicked = true
    wake()
  }
  const pause = async (): Promise<void> => {
    if (kicked || stopped) return void (kicked = false)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    kicked = false
  }

  const lead = async (leader: pg.Client): Promise<void> => {
    const { rows } = await leader.query<{ low: number; last: number }>(firstLook)
    let outlook: Outlook = { high: rows[0]!.low, gaps: [] }
    last = rows[0]!.last
    leading = true
    while (!stopped) {
      kicked = false
      const { from, to } = rangesOf(outlook)
      type Seen = { ids: number[] | null; last: number | null; xmin: string; own: string | null }
      const {
        rows: [seen],
      } = await leader.query<Seen>({ ...giveIndices, values: [from, to, last, lowOf(outlook)] })
      const ids = seen!.ids ?? []
      const cut = ids.length === MOST_AT_ONCE
      outlook = look(outlook, { ids, xmin: BigInt(seen!.xmin), own: BigInt(seen!.own ?? 0), cut })
      if (seen!.last !== null) {
        last = seen!.last
        onSequenced(last)
      }
      if (!cut) await pause()
    }
  }

  const run = async (): Promise<void> => {
    while (!stopped) {
      try {
        client = await connect('sequencer')
        if (stopped) break
        client.on('notification', kick)
        await client.query(indexOnly)
        await client.query(`listen ${COMMITTED}`)
        await client.query('select pg_advisory_lock($1)', [SEQUENCER_LOCK])
        problem = null
        await lead(client)
      } catch (error) {
        problem = String((error as { code?: unknown }).code ?? 'lost')
      }
      leading = false
      await client?.end().catch(() => {})
      client = null
      if (!stopped) await pause()
    }
  }
  const running = run()

  return {
    /** Says that something was committed. Cheap; any number of kicks during one look cause one more. */
    kick,
    status: () => ({ leading, last, problem }),
    /** Ends leadership and the connection. */
    stop: async (): Promise<void> => {
      stopped = true
      wake()
      // A follower waits inside pg_advisory_lock: only closing its connection ends that.
      if (!leading) client?.connection.stream.destroy()
      await running
      await client?.end().catch(() => {})
    },
  }
}

export type Sequencer = ReturnType<typeof startSequencer>
