import { type Actor, actorWith, shippedStanding, type Standing } from './actor.ts'

type Given = Partial<Omit<Actor, 'standings' | 'roles' | 'storeIds'>> & Partial<Pick<Standing, 'storeIds' | 'regionStoreIds'>>

/** Returns somebody for tests: 'me' of the store s1, in these roles that ship. */
export const someone = (
  roles: readonly string[],
  { staffId = 'me', storeIds = ['s1'], regionStoreIds = storeIds, ...person }: Given = {},
): Actor =>
  actorWith(
    { staffId, subject: 1, login: 'me', ...person },
    roles.map((role) => shippedStanding(role, staffId, { storeIds, regionStoreIds })),
  )
