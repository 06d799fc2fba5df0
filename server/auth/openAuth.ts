import type { KeyObject } from 'node:crypto'
import type pg from 'pg'
import type { Audit } from '../audit/audit.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import { openActors } from './actors.ts'
import { openChallenges } from './challenges.ts'
import { openDevices } from './devices.ts'
import type { AuthParts } from './factors.ts'
import { openIdentities } from './identities.ts'
import { openLinks } from './links.ts'
import { openOneTimeCodes } from './oneTimeCodes.ts'
import { openPasskeys } from './passkeys.ts'
import { openRecoveryCodes } from './recoveryCodes.ts'
import { openServiceTokens } from './serviceTokens.ts'
import { openSessions } from './sessions.ts'
import type { Site } from './site.ts'
import { openThrottle } from './throttle.ts'

type Options = {
  readonly pool: pg.Pool
  readonly broker: KeyBroker
  readonly audit: Audit
  readonly macKey: () => Promise<KeyObject>
  /** Where passkeys are shown; asked when one is, since the port is known late. */
  readonly site: () => Site
  /** Milliseconds that what was shown counts as fresh; absent: five minutes. */
  readonly freshFor?: number
}

/** Opens everything that knows who somebody is. */
export const openAuth = ({ site, freshFor, ...core }: Options) => {
  const { pool, macKey } = core
  const actors = openActors(core)
  const challenges = openChallenges(core)
  return {
    actors,
    challenges,
    sessions: openSessions({ pool, macKey, actors, ...(freshFor === undefined ? {} : { freshFor }) }),
    throttle: openThrottle(core),
    devices: openDevices(core),
    passkeys: openPasskeys({ ...core, challenges, site }),
    oneTimeCodes: openOneTimeCodes({ ...core, challenges }),
    recoveryCodes: openRecoveryCodes(core),
    identities: openIdentities(core),
    links: openLinks(core),
    tokens: openServiceTokens({ ...core, actors }),
  } satisfies Omit<AuthParts, keyof typeof core> & Record<string, unknown>
}
