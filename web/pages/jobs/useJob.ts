import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Job } from '../../app/contract.ts'
import { request } from '../../app/request.ts'

/** Whether a job still moves by itself. */
export const isMoving = (job: Job | undefined): boolean => job?.state === 'queued' || job?.state === 'running'

/** Asks for one job, again and again while it moves. */
export const useJob = (id: string) =>
  useQuery({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => request<Job>('GET', `/api/jobs/${id}`, { signal }),
    refetchInterval: ({ state }) => (isMoving(state.data) ? 800 : false),
  })

export type JobAct = 'pause' | 'resume' | 'cancel' | 'undo'

/** Returns the acts on jobs: each answers with the job as it is then; undoing with the job that undoes. */
export const useJobAct = (onDone?: (job: Job, act: JobAct) => void) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, act }: { id: string; act: JobAct }) => request<Job>('POST', `/api/jobs/${id}/${act}`),
    onSuccess: (job, { act }) => onDone?.(job, act),
    onSettled: () => void client.invalidateQueries({ queryKey: ['jobs'] }),
    gcTime: 0,
  })
}
