import { useQueryClient } from '@tanstack/react-query'
import { useRecordTrash } from '../../catalogue/useRecordTrash.ts'

/** Returns the acts of putting a customer into the trash, with an offer to take it back, and of restoring one. */
export const useTrash = () => {
  const client = useQueryClient()
  const refreshList = () => void client.invalidateQueries({ queryKey: ['customers', 'list'] })
  return useRecordTrash({
    path: 'customers',
    onTrashed: ({ id }) => {
      client.removeQueries({ queryKey: ['customers', id], exact: true })
      refreshList()
    },
    onRestored: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['customers', id], exact: true })
      refreshList()
    },
  })
}
