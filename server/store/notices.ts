import type { Queryable } from './database.ts'

/** What a member of staff can be told. The client has words for each; other slices add theirs here. */
export const noticeKinds = [
  'new_device',
  'passkey_added',
  'passkey_removed',
  'sso_linked',
  'sso_unlinked',
  'code_added',
  'code_removed',
  'recovery_codes_made',
  'recovery_code_used',
  'password_changed',
  'device_lost',
  'recovery_link_issued',
  'account_recovered',
  'session_ended',
  'over_budget',
  'rights_changed',
  'rights_lent',
  'stands_in',
  'owner_changed',
  'emergency_asked',
  'emergency_opened',
  'review_opened',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** Ids, counts and codes; never personal data. */
export type NoticeDetail = Readonly<Record<string, string | number | boolean | null>>

/** A notice as its reader gets it; times are ISO 8601. */
export type Notice = { id: number; kind: string; detail: NoticeDetail; at: string; seenAt: string | null }

/** Tells a member of staff something, in the caller's transaction or by itself. */
export const notify = async (client: Queryable, staffId: string, kind: NoticeKind, detail: NoticeDetail = {}): Promise<void> => {
  await client.query('insert into notice (staff_id, kind, detail) values ($1, $2, $3)', [staffId, kind, JSON.stringify(detail)])
}

/** Days a notice is kept. */
const keptDays = 90

/** Returns somebody's last fifty notices, newest first, and how many they have not seen; what is older than 90 days goes. */
export const listNotices = async (client: Queryable, staffId: string): Promise<{ items: Notice[]; unseen: number }> => {
  await client.query(`delete from notice where staff_id = $1 and at < now() - interval '${keptDays} days'`, [staffId])
  const { rows } = await client.query<Notice>(
    'select id, kind, detail, at, seen_at as "seenAt" from notice where staff_id = $1 order by id desc limit 50',
    [staffId],
  )
  return { items: rows, unseen: rows.filter((row) => row.seenAt === null).length }
}

/** Notes that somebody has seen their notices up to this one. */
export const markSeen = async (client: Queryable, staffId: string, upTo: number): Promise<void> => {
  await client.query('update notice set seen_at = now() where staff_id = $1 and id <= $2 and seen_at is null', [staffId, upTo])
}
