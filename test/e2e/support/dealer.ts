import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import type { RoleId } from '../../../domain/policy/roles.ts'
import type { Api } from '../../support/api.ts'
import { ownerAccount, type RunningServer, setUp, startServer } from '../../support/server.ts'

/** Somebody who can sign in. */
export type Account = { id: string; login: string; name: string; password: string }

/** A dealer on a server of its own, started by the launcher with an embedded database. */
export type Dealer = {
  readonly url: string
  /** The installation's own folder; its data lies in `data`. */
  readonly folder: string
  readonly data: string
  readonly owner: Api
  readonly boss: Account
  readonly storeId: string
  readonly shares: string[]
  hire: (login: string, name: string, role: RoleId) => Promise<Account>
  /** Creates a customer of the first store and returns their id; `over` replaces what the journey cares about. */
  addCustomer: (over: Record<string, unknown>) => Promise<string>
  /** Stops the server and leaves its data, port and sessions to the next start. */
  stop: () => Promise<void>
  startAgain: () => Promise<void>
  close: () => Promise<void>
}

/** Makes an empty data folder below /tmp, where the account that the server runs as can reach it. */
export const makeDataFolder = (): string => {
  const folder = mkdtempSync('/tmp/anechoic-e2e-')
  chmodSync(folder, 0o755)
  return folder
}

/** Starts a new installation and takes it through set-up: company, one store, the owner. `settings` returns its environment, given its folder. */
export const openDealer = async (settings: (folder: string) => Record<string, string> = () => ({})): Promise<Dealer> => {
  const folder = makeDataFolder()
  const data = `${folder}/data`
  const env = settings(folder)
  let server: RunningServer = await startServer({ data, env, limitMs: 120_000 })
  const { owner, shares } = await setUp(server).catch(async (error: unknown) => {
    // Nobody else knows of this server yet.
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  const { actor } = await owner.call<{ actor: { staffId: string; storeIds: string[] } }>('GET', '/api/session')
  const { items: stores } = await owner.call<{ items: { id: string }[] }>('GET', '/api/stores')
  const storeId = stores[0]!.id
  const boss: Account = { id: actor.staffId, ...ownerAccount }
  const port = Number(new URL(server.url).port)

  const hire: Dealer['hire'] = async (login, name, role) => {
    // Chosen, not invented: an invented one is good for choosing one's own, and for nothing else.
    const password = 'leise-raeume-mit-dicken-waenden'
    const hired = await owner.call<{ id: string }>('POST', '/api/staff', { login, name, roles: [role], storeIds: [storeId], password })
    return { id: hired.id, login, name, password }
  }
  const addCustomer: Dealer['addCustomer'] = async (over) => {
    const made = await owner.call<{ id: string }>('POST', '/api/customers', {
      kind: 'household',
      phones: [],
      emails: [],
      tags: [],
      storeId,
      ...over,
    })
    return made.id
  }
  return {
    url: server.url,
    folder,
    data,
    owner,
    boss,
    storeId,
    shares,
    hire,
    addCustomer,
    stop: async () => void (await server.stop()),
    startAgain: async () => {
      server = await startServer({ data, port, env, limitMs: 120_000 })
    },
    close: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
