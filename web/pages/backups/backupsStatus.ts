/** What `GET /api/backups` answers. `last`: the newest backup that was written to its end, wherever; `items`: those in the configured folder. */
export type BackupsStatus = {
  folder: string | null
  problem: 'not_configured' | 'unreachable' | null
  /** Whether the folder lies on the disk of the data itself; null where that cannot be told. */
  sameDisk: boolean | null
  last: { at: string; name: string; folder: string; bytes: number } | null
  /** Whether the last one is too old, or there was none. */
  due: boolean
  running: string | null
  failed: { at: string; problem: string | null } | null
  items: { name: string; createdAt: string; bytes: number; product: string; customers: number; auditSize: number }[]
}

/** Returns a size as people read it: 0.4 MB, 12 MB, 3.1 GB. */
export const formatSize = (bytes: number): string => {
  const megabytes = bytes / 1e6
  if (megabytes >= 1_000) return `${(megabytes / 1_000).toFixed(1)} GB`
  return megabytes >= 10 ? `${Math.round(megabytes)} MB` : `${Math.max(0.1, megabytes).toFixed(1)} MB`
}
