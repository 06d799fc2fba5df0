import type pg from 'pg'
import type { KeyObject } from 'node:crypto'
import type { Audit } from '../audit/audit.ts'
import type { ServiceTokens } from '../auth/serviceTokens.ts'
import type { AuthParts } from '../auth/factors.ts'
import type { IdentityProvider } from '../auth/identityProviders/identityProvider.ts'
import type { Links } from '../auth/links.ts'
import type { KeyBroker } from '../crypto/broker.ts'
import type { Mail } from '../mail/sendMail.ts'
import type { NumberRelay } from '../relay/numberRelay.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Records } from '../store/records.ts'
import type { Search } from '../search/search.ts'
import type { Staging } from './imports/staging.ts'
import type { JobStarter } from './jobs/jobKinds.ts'

/** Where backups go and come from: the folder of those started in the browser (null: none configured), and what making one needs beside keys. */
export type BackupPlace = {
  readonly folder: string | null
  readonly dataDir: string
  readonly version: string
  readonly connect: (name: string) => Promise<pg.Client>
}

/** What a ready server has at hand for its verbs. Routes pass on what a verb needs; handlers themselves see neither pool nor keys. */
export type Parts = AuthParts & {
  readonly links: Links
  readonly pool: pg.Pool
  readonly records: Records
  readonly search: Search
  readonly audit: Audit
  readonly broker: KeyBroker
  readonly keyring: Keyring
  readonly macKey: () => Promise<KeyObject>
  readonly staging: Staging
  readonly tokens: ServiceTokens
  readonly startJob: JobStarter
  readonly backups: BackupPlace
  /** Sends a notice or an invitation to one of the staff; null: no mail server is configured. */
  readonly sendMail: ((mail: Mail) => Promise<void>) | null
  /** Who knows our staff elsewhere; null: nobody, people sign in here. */
  readonly identityProvider: IdentityProvider | null
  /** Null: calls go straight to the number. */
  readonly relay: NumberRelay | null
}
