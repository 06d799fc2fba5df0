import { absentValue } from '../catalogue/labels.ts'
import type { ViewState } from './savedView.ts'

export const builtInIds = ['all', 'mine', 'pool', 'recent'] as const
export type BuiltInId = (typeof builtInIds)[number]

/** Returns the ways of looking at customers that everybody has. */
export const builtInViews = (staffId: string): Readonly<Record<BuiltInId, ViewState>> => {
  const base = { q: '', sort: '-createdAt', columns: null }
  return {
    all: { ...base, filters: {} },
    mine: { ...base, filters: { ownerId: staffId } },
    pool: { ...base, filters: { ownerId: absentValue } },
    recent: { ...base, filters: { createdAt: 'last30' } },
  }
}

/** Whether an id is one of theirs. */
export const isBuiltIn = (id: string): id is BuiltInId => (builtInIds as readonly string[]).includes(id)
