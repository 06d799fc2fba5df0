import type { Actor } from '../../../domain/policy/actor.ts'
import { listNotices, markSeen, type Notice } from '../../store/notices.ts'
import type { Parts } from '../parts.ts'

/** Returns the actor's notices, newest first, and how many are unseen. */
export const ownNotices = ({ pool }: Pick<Parts, 'pool'>, actor: Actor): Promise<{ items: Notice[]; unseen: number }> =>
  listNotices(pool, actor.staffId)

/** Notes that the actor has seen their notices up to one. */
export const seeNotices = ({ pool }: Pick<Parts, 'pool'>, actor: Actor, upTo: number): Promise<void> => markSeen(pool, actor.staffId, upTo)
