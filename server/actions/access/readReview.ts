import { AppError } from '../../../domain/errors.ts'
import type { Actor } from '../../../domain/policy/actor.ts'
import { type Decision, isHasty, peerDifference, telling, unusedRights } from '../../../domain/policy/review.ts'
import type { Parts } from '../parts.ts'

type Needs = Pick<Parts, 'pool' | 'actors'>

/** A review as a list shows it. Times are ISO 8601. */
export type ReviewInfo = {
  id: string
  kind: string
  openedAt: string
  dueAt: string
  closedAt: string | null
  lines: number
  undecided: number
}

/** One role of one person, with what helps to decide. `own`: of whoever asks, who does not decide it. */
export type ReviewLine = {
  staffId: string
  role: string
  storeIds: string[]
  decision: Decision | null
  decidedBy: string | null
  decidedAt: string | null
  lastAct: string | null
  unused: string[]
  peers: number
  unusual: boolean
  own: boolean
}

export type Review = ReviewInfo & { items: ReviewLine[]; hasty: string[]; report: string | null; seal: string | null }

const infoColumns = `r.id, r.kind, r.opened_at as "openedAt", r.due_at as "dueAt", r.closed_at as "closedAt",
  (select count(*)::int from auth.review_item i where i.review_id = r.id) as lines,
  (select count(*)::int from auth.review_item i where i.review_id = r.id and i.decision is null) as undecided`

/** Returns the reviews there were, newest first. */
export const listReviews = async ({ pool }: Needs): Promise<{ items: ReviewInfo[] }> => ({
  items: (await pool.query<ReviewInfo>(`select ${infoColumns} from auth.review r order by r.opened_at desc limit 200`)).rows,
})

export type ItemRow = {
  staff_id: string
  role: string
  store_ids: string[]
  decision: Decision | null
  decided_by: string | null
  decided_at: string | null
  shown_at: string | null
}

/** Returns who of the reviewers decided too fast to have read (domain/policy/review.ts). */
export const hastyReviewers = (items: readonly ItemRow[]): string[] => {
  const reviewers = [...new Set(items.flatMap(({ decided_by }) => decided_by ?? []))]
  return reviewers.filter((reviewer) =>
    isHasty(
      items
        .filter(({ decided_by }) => decided_by === reviewer)
        .map(({ decision, shown_at, decided_at }) => ({ decision: decision!, shownAt: shown_at, decidedAt: decided_at! })),
    ),
  )
}

// Written into the statement, so that the planner sees the index of rare acts.
const acts = telling.map((act) => `'${act}'`).join(', ')

/**
 * Returns a review with what helps to decide each line: when somebody last did anything, which of the role's rights the log shows no use of in half a year, and what
 * their colleagues do not have. What is open to whoever asks counts as shown to them now. Throws `not_found`.
 */
export const readReview = async ({ pool, actors }: Needs, actor: Actor, id: string, mayDecide: boolean): Promise<Review> => {
  const found = await pool.query<ReviewInfo & { report: string | null; seal: string | null }>(
    `select ${infoColumns}, r.report, r.seal from auth.review r where r.id::text = $1`,
    [id],
  )
  const review = found.rows[0]
  if (!review) throw new AppError('not_found')
  if (mayDecide && review.closedAt === null)
    await pool.query('update auth.review_item set shown_at = now() where review_id = $1 and shown_at is null', [id])
  const { rows: items } = await pool.query<ItemRow>(
    `select i.staff_id, i.role, i.store_ids, i.decision, i.decided_by, i.decided_at, i.shown_at
     from auth.review_item i join staff st on st.id = i.staff_id where i.review_id = $1 order by st.login, i.role`,
    [id],
  )
  const ids = [...new Set(items.map(({ staff_id }) => staff_id))]
  const [held, lasts, did] = await Promise.all([
    actors.everybody(pool),
    pool.query<{ id: string; at: string }>(
      `select s.id, (select e.at from audit.entry e where e.actor = s.id order by e.id desc limit 1) as at from unnest($1::uuid[]) s (id)`,
      [ids],
    ),
    pool.query<{ actor: string; action: string }>(
      `select actor, action from audit.entry where action in (${acts}) and actor = any($1) and at > now() - interval '180 days' group by actor, action`,
      [ids],
    ),
  ])
  const lastOf = new Map(lasts.rows.map((row) => [row.id, row.at]))
  const didOf = Map.groupBy(did.rows, (row) => row.actor)
  const actorOf = new Map(held.map((one) => [one.staffId, one]))
  const lines = items.map((item): ReviewLine => {
    const who = actorOf.get(item.staff_id)
    const role = who?.standings.find(({ roleId }) => roleId === item.role)?.role
    const { peers, unusual } = who ? peerDifference(who, held) : { peers: 0, unusual: [] }
    return {
      staffId: item.staff_id,
      role: item.role,
      storeIds: item.store_ids,
      decision: item.decision,
      decidedBy: item.decided_by,
      decidedAt: item.decided_at,
      lastAct: lastOf.get(item.staff_id) ?? null,
      unused: role ? unusedRights(role, new Set(didOf.get(item.staff_id)?.map(({ action }) => action))) : [],
      peers,
      unusual: unusual.includes(item.role),
      own: item.staff_id === actor.staffId,
    }
  })
  return { ...review, items: lines, hasty: hastyReviewers(items) }
}
