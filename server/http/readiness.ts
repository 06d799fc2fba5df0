import type { Phase } from './phase.ts'

/** One thing that keeps the server from serving customers; `progress` from 0 to 1 where it is on its way. */
export type Unready = {
  readonly reason: 'setup' | 'sealed' | 'starting' | 'stopping' | 'database' | 'audit' | 'search' | 'keys'
  readonly detail?: string
  readonly progress?: number
}

export type Probes = {
  readonly phase: () => Phase
  readonly starting: () => boolean
  readonly stopping: () => boolean
  /** Each resolves to null when well, else says why not. */
  readonly database: () => Promise<string | null>
  readonly audit: () => Promise<string | null>
  readonly search: () => { ready: boolean; progress: number; problem: string | null }
}

/** Returns why the server is not ready; empty when it is. Never throws: a probe that fails is a reason. */
export const unreadiness = async (probes: Probes): Promise<Unready[]> => {
  if (probes.stopping()) return [{ reason: 'stopping' }]
  const phase = probes.phase()
  if (phase !== 'ready') return [{ reason: phase }]
  if (probes.starting()) return [{ reason: 'starting' }]
  const failed = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')
  const [database, audit] = await Promise.all([probes.database().catch(failed), probes.audit().catch(failed)])
  const search = probes.search()
  return [
    ...(database === null ? [] : [{ reason: 'database' as const, detail: database }]),
    ...(audit === null ? [] : [{ reason: 'audit' as const, detail: audit }]),
    ...(search.ready
      ? []
      : [{ reason: 'search' as const, progress: search.progress, ...(search.problem === null ? {} : { detail: search.problem }) }]),
  ]
}
