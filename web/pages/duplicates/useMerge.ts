import { useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../app/request.ts'
import { watchJob } from '../../app/watchedJobs.ts'

type Seen = { id: string; version: number }
export type Merge = { into: Seen; others: Seen[]; choices: Record<string, string> }

/** Returns the act of merging; the job in the corner then offers to take it back. */
export const useMerge = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ into, others, choices }: Merge) =>
      request<{ id: string; jobId: string }>('POST', `/api/customers/${into.id}/merge`, {
        body: { version: into.version, others, choices },
      }),
    onSuccess: ({ jobId }) => {
      void client.invalidateQueries({ queryKey: ['customers'] })
      void client.invalidateQueries({ queryKey: ['duplicates'] })
      watchJob(jobId)
    },
    gcTime: 0,
  })
}
