/** Bytes of a record id (a UUID). */
export const ID_BYTES = 16

/** Finds the slot of an id: open addressing over the ids' own bytes, 4 bytes for each of at most twice the records. */
export type IdTable = {
  /** The slot of the id at `at` in `ids`, or -1. */
  get(ids: Uint8Array, at: number): number
  /** Sets the slot of an id whose bytes already stand in the id column at that slot. */
  set(slot: number): void
  delete(slot: number): void
  readonly size: number
}

/** Returns an empty table over the id column that `column()` returns (it may move as it grows). */
export function createIdTable(column: () => Uint8Array): IdTable {
  let table = new Uint32Array(1024)
  let size = 0

  const home = (bytes: Uint8Array, at: number): number => {
    // The last four bytes of a UUID are random in versions 4 and 7; mixed, since an attacker may choose ids in an import.
    const tail = (bytes[at + 12]! << 24) | (bytes[at + 13]! << 16) | (bytes[at + 14]! << 8) | bytes[at + 15]!
    const head = (bytes[at + 8]! << 24) | (bytes[at + 9]! << 16) | (bytes[at + 10]! << 8) | bytes[at + 11]!
    return (Math.imul(tail ^ Math.imul(head, 0x9e3779b1), 0x85ebca6b) >>> 7) & (table.length - 1)
  }
  const locate = (bytes: Uint8Array, at: number): number => {
    const ids = column()
    let i = home(bytes, at)
    for (; table[i] !== 0; i = (i + 1) & (table.length - 1)) {
      const base = (table[i]! - 1) * ID_BYTES
      let k = 15
      while (k >= 0 && ids[base + k] === bytes[at + k]) k--
      if (k < 0) return i
    }
    return ~i
  }
  const grow = (): void => {
    const old = table
    const ids = column()
    table = new Uint32Array(old.length * 2)
    for (const entry of old) {
      if (entry === 0) continue
      let i = home(ids, (entry - 1) * ID_BYTES)
      while (table[i] !== 0) i = (i + 1) & (table.length - 1)
      table[i] = entry
    }
  }

  return {
    get(ids, at) {
      const i = locate(ids, at)
      return i < 0 ? -1 : table[i]! - 1
    },
    set(slot) {
      const i = locate(column(), slot * ID_BYTES)
      if (i >= 0) {
        table[i] = slot + 1
        return
      }
      table[~i] = slot + 1
      // Three quarters full at most: linear probing stays at about 2.5 looks (Knuth, TAOCP 3, 6.4).
      if (++size > table.length * 0.75) grow()
    },
    delete(slot) {
      let hole = locate(column(), slot * ID_BYTES)
      if (hole < 0) return
      size--
      table[hole] = 0
      const ids = column()
      for (let i = (hole + 1) & (table.length - 1); table[i] !== 0; i = (i + 1) & (table.length - 1)) {
        const wanted = home(ids, (table[i]! - 1) * ID_BYTES)
        const distance = (i - wanted) & (table.length - 1)
        if (distance < ((i - hole) & (table.length - 1))) continue
        table[hole] = table[i]!
        table[i] = 0
        hole = i
      }
    },
    get size() {
      return size
    },
  }
}
