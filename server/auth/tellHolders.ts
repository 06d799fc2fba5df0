import { hasDuty } from '../../domain/policy/decide.ts'
import type { Duty } from '../../domain/policy/role.ts'
import type { Queryable } from '../store/database.ts'
import { type NoticeDetail, type NoticeKind, notify } from '../store/notices.ts'
import type { Actors } from './actors.ts'

/** Tells everybody who holds one of these duties now, but `except`: whoever did it knows. In the caller's transaction or by itself. */
export const tellHolders = async (
  client: Queryable,
  actors: Pick<Actors, 'everybody'>,
  duties: readonly Duty[],
  { except, kind, detail }: { except: string; kind: NoticeKind; detail: NoticeDetail },
): Promise<void> => {
  const holders = (await actors.everybody(client)).filter(
    (person) => person.staffId !== except && duties.some((duty) => hasDuty(person, duty)),
  )
  for (const { staffId } of holders) await notify(client, staffId, kind, detail)
}
