/** Work in the background, and what may be done with it while it runs and after. */
type KindRules = {
  /** Whether it may be stopped for a while. */
  readonly pause: boolean
  /** Whether it may be stopped for good, half done. */
  readonly cancel: boolean
  /** Whether it notes what it changes, so that this can be undone. */
  readonly undo: boolean
}

/** Every kind of work. A rotation half done has two epochs in use, a new index two columns: these go on, and are not left. */
export const jobKinds = {
  import: { pause: true, cancel: true, undo: true },
  bulk: { pause: true, cancel: true, undo: true },
  /** One file, whole or not at all: what was stopped half way begins anew. */
  export: { pause: true, cancel: true, undo: false },
  /** Runs at once, in the request that asks for it; a job only so that it is seen and can be undone. */
  merge: { pause: false, cancel: false, undo: true },
  duplicates: { pause: false, cancel: true, undo: false },
  undo: { pause: true, cancel: true, undo: false },
  rotateEpoch: { pause: false, cancel: false, undo: false },
  reindexExact: { pause: false, cancel: false, undo: false },
  reseal: { pause: true, cancel: true, undo: false },
  backup: { pause: false, cancel: true, undo: false },
  verify: { pause: true, cancel: true, undo: false },
} as const satisfies Readonly<Record<string, KindRules>>

export type JobKind = keyof typeof jobKinds

/** Days after its end for which a job can be undone; then what it noted is deleted. Own choice: a month's closing finds most mistakes. */
export const undoDays = 30
