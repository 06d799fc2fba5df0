import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { lineOnly } from '../../../domain/catalogue/patterns.ts'
import { AppError } from '../../../domain/errors.ts'
import { decide } from '../../../domain/policy/decide.ts'
import { systemActor } from '../../audit/systemActor.ts'
import { checkNewPassword, storeCredential } from '../../auth/credentials.ts'
import { checkLoginForm } from '../../auth/logins.ts'
import { hashPassword } from '../../auth/passwordHash.ts'
import { recordDeviations } from '../../auth/deviations.ts'
import { grantRoles } from '../../auth/roleGrants.ts'
import { normaliseLogin } from '../../auth/signIn.ts'
import { createKeyring, type Keyring } from '../../crypto/keyring.ts'
import type { RootProvider } from '../../crypto/providers/rootProvider.ts'
import { createRecoveryKit, type KitSize } from '../../crypto/recoveryKit.ts'
import type { Database } from '../../store/database.ts'
import { readSetting, writeSetting } from '../../store/settings.ts'
import type { Parts } from '../parts.ts'
import { inputOf } from '../records/inputOf.ts'

export type SetUp = {
  readonly company: string
  readonly store: string
  readonly owner: { readonly login: string; readonly name: string; readonly password: string }
  readonly kit: KitSize
  readonly passphrase?: string
}

/** What the wizard shows once: the shares exist nowhere else. */
export type SetUpAnswer = { shares: string[]; kitId: string; recipient: string }

type Setting = {
  readonly database: Database
  readonly keyringFile: string
  readonly createProvider: (passphrase: string | undefined) => Promise<RootProvider>
  /** Opens what needs keys; the house is ready once this setup has committed. */
  readonly open: (keyring: Keyring) => Promise<Pick<Parts, 'records' | 'macKey'>>
}

const oneLine = new RegExp(lineOnly, 'u')

const textOf = (field: string, text: string, most: number): string => {
  const trimmed = text.normalize('NFKC').trim()
  if (!oneLine.test(trimmed)) throw new AppError('input_invalid', { problems: [{ field, problem: 'bad_characters' }] })
  if (trimmed === '') throw new AppError('input_invalid', { problems: [{ field, problem: 'blank' }] })
  if (Array.from(trimmed).length > most) throw new AppError('input_invalid', { problems: [{ field, problem: 'too_long' }] })
  return trimmed
}

// A keyring without a company is what an interrupted setup left. It may go only while no key in the database depends on it.
const clearInterrupted = async ({ database, keyringFile }: Setting): Promise<void> => {
  if ((await readSetting(database.pool, 'company')) !== null) throw new AppError('setup_done')
  if (!existsSync(keyringFile)) return
  const { rowCount } = await database.pool.query('select 1 from keys.data_key limit 1')
  if (rowCount !== 0) throw new AppError('keyring_invalid', { problem: 'in_use' })
  await Promise.all([keyringFile, `${keyringFile}.previous`].map((file) => rm(file, { force: true })))
}

/**
 * Sets the installation up: recovery kit, keyring, then company, first store and owner in one commit. Whatever fails, nothing half stays.
 * Throws `setup_done`, `input_invalid` naming the field.
 */
export const setUp = async (setting: Setting, asked: SetUp): Promise<SetUpAnswer> => {
  const company = textOf('company', asked.company, 60)
  const storeName = textOf('store', asked.store, 60)
  const login = normaliseLogin(textOf('login', asked.owner.login, 40))
  const name = textOf('name', asked.owner.name, 60)
  checkLoginForm(login)
  checkNewPassword('password', asked.owner.password, [login, name, company, storeName])
  await clearInterrupted(setting)

  const [passwordHash, kit, provider] = await Promise.all([
    hashPassword(asked.owner.password),
    createRecoveryKit(asked.kit),
    setting.createProvider(asked.passphrase),
  ])
  const keyring = await createKeyring(setting.keyringFile, provider, kit.recipient)
  try {
    const { records, macKey } = await setting.open(keyring)
    const key = await macKey()
    await records.transaction(systemActor, async (tx) => {
      const store = await tx.create({ ...decide(systemActor, 'store'), entity: 'store' }, { name: storeName, region: null })
      const staffScope = { ...decide(systemActor, 'staff'), entity: 'staff' as const }
      const input = inputOf(staffScope, { login, name, roles: ['owner'], storeIds: [store.id], kind: 'person', active: true }, 'create')
      const owner = await tx.create(staffScope, input as never)
      await storeCredential(tx, key, { staffId: owner.id, passwordHash, mustChange: false })
      await grantRoles(tx, key, { staffId: owner.id, roles: ['owner'], storeIds: [store.id], grantedBy: null })
      await recordDeviations(tx, { staffId: owner.id, standings: systemActor.standings }, { staffId: null, reason: 'small_shop' })
      await writeSetting(tx, 'company', company)
      await writeSetting(tx, 'kit', asked.kit)
      await tx.audit([{ actor: systemActor, action: 'setup', entity: 'installation', ids: [owner.id], outcome: 'done' }])
    })
  } catch (error) {
    keyring.lock()
    await clearInterrupted(setting).catch(() => {})
    throw error
  }
  return { shares: kit.shares, kitId: kit.kitId, recipient: kit.recipient }
}
