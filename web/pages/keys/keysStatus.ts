/** What `GET /api/keys` answers, as far as the client reads it. */
export type KeysStatus = {
  provider?: string | { kind?: string; state?: string }
  suite?: number
  epochs: { epoch: number; createdAt?: string; state?: string; current?: boolean; subjects?: number }[]
  indexGeneration?: number
  kit?: { id?: string; kitId?: string; threshold?: number; shares?: number; total?: number; provenAt?: string | null; createdAt?: string } | null
}

/** Returns when the recovery kit was last proven, null when it never was. */
export const kitProven = (keys: KeysStatus): string | null => keys.kit?.provenAt ?? null
