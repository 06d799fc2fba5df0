/** What `GET /api/keys` answers, as far as the client reads it. */
export type KeysStatus = {
  provider: { kind: string; state: string }
  suite: number
  epochs: { epoch: number; createdAt: string; state: string; current: boolean; subjects: number }[]
  indexGeneration: number
  indexGenerations: number[]
  /** People whose key was destroyed. */
  erased: number
  kit: { kitId: string; recipient: string; shares: number | null; threshold: number | null; provenAt: string | null } | null
  rotating: boolean
}

/** Returns when the recovery kit was last proven, null when it never was. */
export const kitProven = (keys: KeysStatus): string | null => keys.kit?.provenAt ?? null
