import type { LightMyRequestResponse } from 'fastify'
import { decide } from '../../domain/policy/decide.ts'
import type { RoleId } from '../../domain/policy/roles.ts'
import { createStaff } from '../../server/actions/access/createStaff.ts'
import { password, testApp, type TestApp } from './app.ts'

/** Somebody of the dealer who asks over HTTP. */
export type Worker = {
  readonly id: string
  readonly login: string
  readonly role: RoleId
  ask: (method: string, url: string, body?: unknown) => Promise<LightMyRequestResponse>
}

/** A test app, and the way to hire whoever a test needs. */
export type Staffed = TestApp & { hire: (login: string, name: string, role: RoleId, store: 'north' | 'south') => Promise<Worker> }

/** Opens the API over a test house and hires by its own act. Everybody has one session, as at a desk. */
export const openStaffed = async (): Promise<Staffed> => {
  const it = await testApp()
  const hire: Staffed['hire'] = async (login, name, role, store) => {
    const storeIds = [it.house.stores[store].id]
    const { staff } = await createStaff(it.parts, decide(it.house.actors.owner, 'staff'), {
      login,
      name,
      roles: [role],
      storeIds,
      password,
    })
    const { token, session } = await it.parts.sessions.begin((await it.parts.actors.ofStaff(it.parts.pool, staff.id))!)
    const headers = { cookie: `anechoic=${token}`, 'x-csrf-token': session.csrfToken }
    return { id: staff.id, login, role, ask: (method, url, body) => it.send(null, method, url, body, headers) }
  }
  return { ...it, hire }
}
