import { useQuery } from '@tanstack/react-query'
import type { RecordView } from '../../app/contract.ts'
import { directoryQuery } from '../../app/directory.ts'

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const mayGo = (staff: RecordView, storeId: string): boolean =>
  staff['active'] === true && (listOf(staff['roles']).includes('installer') || listOf(staff['storeIds']).includes(storeId))

/** Returns the colleagues who may go to a customer of this store: whoever works there, and installers of any; installers first. The server judges anew. */
export const useAssignable = (storeId: string): { value: string; label: string }[] => {
  const { data = [] } = useQuery(directoryQuery('staff'))
  const isInstaller = (staff: RecordView): boolean => listOf(staff['roles']).includes('installer')
  return data
    .filter((staff) => mayGo(staff, storeId))
    .toSorted((a, b) => Number(isInstaller(b)) - Number(isInstaller(a)))
    .map((staff) => ({ value: staff.id, label: typeof staff['name'] === 'string' ? staff['name'] : String(staff['login']) }))
}
