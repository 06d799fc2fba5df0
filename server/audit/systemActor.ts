import { type Actor, actorWith, shippedStanding } from '../../domain/policy/actor.ts'

/**
 * Who acts when nobody is signed in yet: setup, and maintenance that the product does by itself. It has the owner's rights and no person behind it, so it
 * has no key, and its entries cannot carry personal detail.
 */
export const systemActor: Actor = actorWith({ staffId: '00000000-0000-0000-0000-000000000000', subject: 0, login: 'system' }, [
  shippedStanding('owner', '00000000-0000-0000-0000-000000000000', { storeIds: [] }),
])
