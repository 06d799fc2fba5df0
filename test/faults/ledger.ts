import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What the product acknowledged, kept outside it: the customer's id (null while a create is unanswered), its only name, the last note it confirmed. */
export type Line = { name: string; id: string; note: number }

export type Ledger = {
  /** Notes an acknowledgement; it is on disk when this returns. */
  acknowledge: (line: Line) => void
  /** The newest acknowledged line of each customer. */
  lines: () => Map<string, Line>
  close: () => void
}

/** Opens an append-only file of acknowledgements; each one is synced before the writer goes on, so the ledger never knows less than a client saw. */
export const openLedger = (file: string): Ledger => {
  const handle = openSync(file, 'a', 0o600)
  return {
    acknowledge: (line) => {
      writeSync(handle, `${JSON.stringify(line)}\n`)
      fsyncSync(handle)
    },
    lines: () => {
      const newest = new Map<string, Line>()
      for (const text of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
        const line = JSON.parse(text) as Line
        newest.set(line.name, line)
      }
      return newest
    },
    close: () => closeSync(handle),
  }
}
