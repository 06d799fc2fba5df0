import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Actor, actorWith, shippedStanding } from '../../domain/policy/actor.ts'
import { decide } from '../../domain/policy/decide.ts'
import type { RoleId } from '../../domain/policy/roles.ts'
import { type Audit, openAudit } from '../../server/audit/audit.ts'
import { systemActor } from '../../server/audit/systemActor.ts'
import { type KeyBroker, keyBroker } from '../../server/crypto/broker.ts'
import { createKeyring, type Keyring } from '../../server/crypto/keyring.ts'
import { keyFileProvider } from '../../server/crypto/providers/keyFileProvider.ts'
import { createRecoveryKit } from '../../server/crypto/recoveryKit.ts'
import { openRecords, type InputOf, type Records, type RowOf } from '../../server/store/records.ts'
import { type TestDatabase, testDatabase } from './database.ts'

/** People of the test dealer: a consultant in each of two stores, a manager of the north store, an owner and an auditor. */
export type TestActors = { owner: Actor; manager: Actor; consultantA: Actor; consultantB: Actor; auditor: Actor }

/** A dealer with two stores and five people on a database and a keyring of its own, ready to use. */
export type TestHouse = {
  db: TestDatabase
  keyring: Keyring
  /** Folder of keyring and key file. */
  folder: string
  broker: KeyBroker
  audit: Audit
  records: Records
  stores: { north: RowOf<'store'>; south: RowOf<'store'> }
  actors: TestActors
  /** `decide`, shorter. */
  scope: typeof decide
  /** Creates customers of the north store, owned by consultant A unless said otherwise. */
  addCustomers: (inputs: readonly Partial<InputOf<'customer'>>[], as?: Actor) => Promise<RowOf<'customer'>[]>
  close: () => Promise<void>
}

/** A complete input of a customer; `over` replaces what the test cares about. */
export const customerInput = (storeId: string, ownerId: string | null, over: Partial<InputOf<'customer'>> = {}): InputOf<'customer'> => ({
  name: '沈静安',
  kind: 'household',
  phones: ['+8613800138000'],
  emails: ['shen@example.com'],
  wechatIds: ['shen_jingan'],
  addresses: ['上海市静安区南京西路1266号'],
  storeId,
  ownerId,
  tags: [],
  notes: null,
  ...over,
})

/** Opens a test house. Call `close` in afterAll. */
export const testHouse = async (): Promise<TestHouse> => {
  const db = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'anechoic-keys-'))
  const provider = await keyFileProvider(join(folder, 'root.key'), { create: true })
  const kit = await createRecoveryKit({ shares: 3, threshold: 2 })
  const keyring = await createKeyring(join(folder, 'keyring.json'), provider, kit.recipient)
  const broker = keyBroker({ keyring })
  const { pool, connect } = db.database
  const audit = openAudit({ pool, connect, broker })
  const records = openRecords({ pool, broker, keyring, audit })

  const { value: people } = await records.transaction(systemActor, async (tx) => {
    const [north, south] = await tx.createMany(decide(systemActor, 'store'), [
      { name: '北店', region: null },
      { name: '南店', region: null },
    ])
    const hire = async (login: string, role: RoleId, storeIds: string[]): Promise<Actor> => {
      const row = await tx.create(decide(systemActor, 'staff'), {
        login,
        name: `员工${login}`,
        roles: [role],
        storeIds,
        kind: 'person',
        active: true,
      })
      const person = { staffId: row.id, subject: row.subject, login, sessionId: `session-${login}`, address: '192.0.2.7' }
      return actorWith(person, [shippedStanding(role, row.id, { storeIds })])
    }
    const actors: TestActors = {
      owner: await hire('laoban', 'owner', [north!.id, south!.id]),
      manager: await hire('dianzhang', 'storeManager', [north!.id]),
      consultantA: await hire('xiaoai', 'salesConsultant', [north!.id]),
      consultantB: await hire('xiaobai', 'salesConsultant', [south!.id]),
      auditor: await hire('shenji', 'auditor', []),
    }
    return { stores: { north: north!, south: south! }, actors }
  })

  const addCustomers: TestHouse['addCustomers'] = async (inputs, as = people.actors.owner) => {
    const full = inputs.map((input) => customerInput(people.stores.north.id, people.actors.consultantA.staffId, input))
    return (await records.transaction(as, (tx) => tx.createMany(decide(as, 'customer'), full))).value
  }
  const close = async (): Promise<void> => {
    await audit.close()
    keyring.lock()
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { db, keyring, folder, broker, audit, records, ...people, scope: decide, addCustomers, close }
}
