import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../domain/errors.ts'
import { openStaging } from './actions/imports/staging.ts'
import type { Parts } from './actions/parts.ts'
import { setUp, type SetUp, type SetUpAnswer } from './actions/setup/setUp.ts'
import { openAudit } from './audit/audit.ts'
import { openAuth } from './auth/openAuth.ts'
import type { IdentityProvider } from './auth/identityProviders/identityProvider.ts'
import type { Site } from './auth/site.ts'
import type { SuiteId } from './crypto/aead.ts'
import { keyBroker } from './crypto/broker.ts'
import { type Keyring, openKeyring, readKeyringProvider } from './crypto/keyring.ts'
import { keyFileProvider } from './crypto/providers/keyFileProvider.ts'
import { newPassphraseParams, passphraseProvider, readPassphraseParams } from './crypto/providers/passphraseProvider.ts'
import type { RootProvider } from './crypto/providers/rootProvider.ts'
import type { Phase } from './http/phase.ts'
import type { Installation } from './http/routes/setupRoutes.ts'
import { openQueue, type Queue } from './jobs/queue.ts'
import type { NumberRelay } from './relay/numberRelay.ts'
import type { Log } from './http/log.ts'
import { startSearch } from './search/search.ts'
import type { Database } from './store/database.ts'
import { openRecords } from './store/records.ts'
import { readSetting } from './store/settings.ts'

type Options = {
  readonly dataDir: string
  readonly keyProvider: 'file' | 'passphrase'
  readonly relay: NumberRelay | null
  readonly sendMail: Parts['sendMail']
  readonly identityProvider: IdentityProvider | null
  readonly runtimeUrl: string
  readonly database: Database
  readonly version: string
  readonly log: Log
  readonly backups: string | null
  readonly site: () => Site
}

/** Seconds the answer of a setup is kept for a client whose connection broke before it saw the shares. */
const answerKept = 600

/** The installation in one process: what exists in each phase, and the ways from one to the next. */
export type House = Omit<Installation, 'doctor' | 'certificate'> & {
  /** Whether parts are still being opened after setup or unsealing. */
  readonly starting: () => boolean
  readonly close: () => Promise<void>
}

/** Opens the house over a migrated database: as far as it can without a passphrase. Throws `keyring_invalid`, `key_unavailable`. */
export const openHouse = async (options: Options): Promise<House> => {
  const { dataDir, database, log } = options
  const keys = join(dataDir, 'keys')
  const keyringFile = join(keys, 'keyring.json')
  const keyFile = join(keys, 'root.key')
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  let phase: Phase = 'setup'
  let ready: Parts | null = null
  let core: { keyring: Keyring; parts: Omit<Parts, 'search' | 'startJob'> } | null = null
  let queue: Queue | null = null
  const suite = (await readSetting<SuiteId>(database.pool, 'suite')) ?? 1

  const openCore = (keyring: Keyring): Omit<Parts, 'search' | 'startJob'> => {
    const { pool, connect } = database
    const macKey = () => keyring.key('mac/1')
    const broker = keyBroker({ keyring })
    broker.useSuite(suite)
    const audit = openAudit({ pool, connect, broker })
    const records = openRecords({ pool, broker, keyring, audit })
    const auth = openAuth({ pool, broker, audit, macKey, site: options.site })
    const staging = openStaging({ folder: join(dataDir, 'staging'), keyring })
    const backups = { folder: options.backups, dataDir, version: options.version, connect }
    const parts = {
      pool,
      keyring,
      broker,
      audit,
      records,
      ...auth,
      staging,
      macKey,
      backups,
      relay: options.relay,
      sendMail: options.sendMail,
      identityProvider: options.identityProvider,
    }
    core = { keyring, parts }
    return parts
  }

  const becomeReady = async (opened: Omit<Parts, 'search' | 'startJob'>): Promise<void> => {
    const search = startSearch({
      databaseUrl: options.runtimeUrl,
      broker: opened.broker,
      cacheFile: join(dataDir, 'cache', 'search.sealed'),
    })
    ready = { ...opened, search, startJob: async (id) => queue?.start(id) }
    queue = await openQueue({
      url: options.runtimeUrl,
      database,
      parts: () => ready!,
      onFault: (jobId, error) => log.fault('job', error, { jobId }),
    })
    phase = 'ready'
    log.info('phase', { phase })
  }

  const createProvider = async (passphrase: string | undefined): Promise<RootProvider> => {
    if (options.keyProvider === 'file') return keyFileProvider(keyFile, { create: true, keyring: keyringFile })
    if (passphrase === undefined) throw new AppError('input_invalid', { problems: [{ field: 'passphrase', problem: 'required' }] })
    return passphraseProvider(passphrase, newPassphraseParams())
  }

  let made: { asked: string; answer: Promise<SetUpAnswer>; until: number } | null = null
  let settingUp = false
  const perform = async (asked: SetUp): Promise<SetUpAnswer> => {
    if (phase !== 'setup') throw new AppError('setup_done')
    const answer = await setUp({ database, keyringFile, createProvider, open: async (keyring) => openCore(keyring) }, asked)
    await becomeReady(core!.parts)
    return answer
  }

  const unsealed = async (passphrase: string): Promise<void> => {
    if (phase !== 'sealed') return
    const { header } = await readKeyringProvider(keyringFile)
    const keyring = await openKeyring(keyringFile, await passphraseProvider(passphrase, readPassphraseParams(header)))
    const parts = openCore(keyring)
    await becomeReady(parts)
  }

  let unsealing: Promise<void> = Promise.resolve()
  let wrong = 0
  let blockedUntil = 0
  const requireRested = (): void => {
    const wait = (blockedUntil - performance.now()) / 1000
    if (wait > 0) throw new AppError('throttled', { retryAfter: Math.ceil(wait) })
  }
  const unseal = (passphrase: string): Promise<void> => {
    unsealing = unsealing
      .catch(() => {})
      // Asked when its turn has come: many guesses sent at once wait like those sent one by one.
      .then(() => (requireRested(), unsealed(passphrase)))
      .catch((error: unknown) => {
        // Each wrong passphrase doubles the wait from the third on, to a minute; keys are not at hand to count in the database.
        if (error instanceof AppError && error.code === 'passphrase_wrong')
          blockedUntil = performance.now() + Math.min(60_000, (wrong += 1) < 3 ? 0 : 1000 * 2 ** (wrong - 3))
        throw error
      })
    return unsealing
  }

  if ((await readSetting(database.pool, 'company')) !== null) {
    if (!existsSync(keyringFile))
      throw new AppError('keyring_invalid', { file: keyringFile, problem: 'missing', advice: 'restore the keyring from its copy' })
    const { kind } = await readKeyringProvider(keyringFile)
    if (kind === 'passphrase') phase = 'sealed'
    else await becomeReady(openCore(await openKeyring(keyringFile, await keyFileProvider(keyFile))))
  }

  return {
    phase: () => phase,
    starting: () => phase === 'ready' && ready === null,
    parts: () => {
      if (ready) return ready
      throw new AppError(phase === 'sealed' ? 'sealed' : 'setup_required')
    },
    state: async () => {
      const company = phase === 'setup' ? null : await readSetting<string>(database.pool, 'company')
      return {
        phase,
        version: options.version,
        languages: ['zh-CN', 'en'],
        provider: options.keyProvider,
        ...(company === null ? {} : { company }),
        ...(options.identityProvider === null ? {} : { singleSignOn: options.identityProvider.name }),
      }
    },
    setUp: (asked) => {
      const text = JSON.stringify(asked)
      // A double click, or a retry after a broken connection: the shares must not be lost with the first answer.
      if (made && made.asked === text && made.until > performance.now()) return made.answer
      // Another request is refused, and must not push out what the first one is still owed; nor may two make a keyring at once.
      if (phase !== 'setup') return perform(asked)
      if (settingUp) return Promise.reject(new AppError('busy'))
      settingUp = true
      const answer = perform(asked).finally(() => (settingUp = false))
      made = { asked: text, answer, until: performance.now() + answerKept * 1000 }
      setTimeout(() => (made = null), answerKept * 1000).unref()
      answer.catch(() => (made = null))
      return answer
    },
    unseal,
    close: async () => {
      await ready?.search.close()
      await queue?.stop()
      await core?.parts.audit.close()
      core?.keyring.lock()
    },
  }
}
