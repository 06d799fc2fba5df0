import { wipeDrafts } from './drafts.ts'
import { loadAnew } from './lock.ts'
import { request } from './request.ts'

/** What a browser does whose device was reported lost: it wipes what it keeps, then drops its marks, and says so where one signs in. */
export const wipeThisDevice = async (): Promise<void> => {
  await wipeDrafts()
  sessionStorage.clear()
  await request('POST', '/api/device/forget', { quiet: true }).catch(() => null)
  loadAnew('/sign-in?lost')
}
