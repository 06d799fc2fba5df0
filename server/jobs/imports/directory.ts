import { decide } from '../../../domain/policy/decide.ts'
import type { ImportTask } from '../../actions/imports/startImport.ts'
import { openOwners } from '../../actions/records/owners.ts'
import type { ScopeOf } from '../../store/records.ts'
import type { Task } from '../job.ts'

/**
 * Whom and what the words of a list mean. `storeOf`: the chosen store stands for one that is unknown or out of reach. `ownerOf`: null leaves a customer to the
 * pool; `isPooled` tells that somebody was meant who is not there, or would not see customers of that store.
 */
export type Directory = {
  storeOf: (name: string | undefined) => { id: string; isUnknown: boolean }
  ownerOf: (name: string | undefined, storeId: string) => { id: string | null; isPooled: boolean }
}

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s/g, '')

/** Returns names that stand for one id only. */
const distinct = (pairs: readonly (readonly [string, string])[]): Map<string, string> => {
  const found = new Map<string, string | null>()
  for (const [name, id] of pairs) found.set(fold(name), found.has(fold(name)) && found.get(fold(name)) !== id ? null : id)
  return new Map([...found].flatMap(([name, id]) => (id === null ? [] : [[name, id] as const])))
}

/** Reads which stores there are and who works there, by login and by name. */
export const directoryOf = async ({ parts, actor }: Task, told: ImportTask): Promise<Directory> => {
  const { rows: stores } = await parts.pool.query<{ id: string; name: string }>('select id, name from stores where trashed_at is null')
  const { rows: staff } = await parts.records.list(decide(actor, 'staff') as ScopeOf<'staff'>, { where: { active: true }, limit: 500 })
  const storeIds = distinct(stores.map(({ id, name }) => [name, id]))
  // A login is nobody else's name: it comes first.
  const logins = distinct(staff.map(({ id, login }) => [login, id]))
  const names = distinct(staff.map(({ id, name }) => [name, id]))
  const scope = decide(actor, 'customer')
  const reachable = (id: string): boolean => scope.rows.kind === 'all' || actor.storeIds.includes(id)
  const owners = openOwners(parts, 'customer')
  await owners.know([told.ownerId, ...(told.fields?.includes('owner') ? staff.map(({ id }) => id) : [])])
  return {
    storeOf: (name) => {
      if (name === undefined) return { id: told.storeId, isUnknown: false }
      const id = storeIds.get(fold(name))
      return id !== undefined && reachable(id) ? { id, isUnknown: false } : { id: told.storeId, isUnknown: true }
    },
    ownerOf: (name, storeId) => {
      const meant = name === undefined ? told.ownerId : (logins.get(fold(name)) ?? names.get(fold(name)) ?? null)
      const ownerId = owners.faultOf({ storeId, ownerId: meant }) === null ? meant : null
      return { id: ownerId, isPooled: ownerId === null && (name !== undefined || meant !== null) }
    },
  }
}
