/** The slots of all records in one order, as a permutation. */
export type Order = {
  readonly length: number
  /** The permutation; valid up to `length` until the next change. */
  slots(): Uint32Array
  /** Takes slots out, whose data must still be there to compare by. */
  remove(slots: readonly number[]): void
  /** Puts slots in at their places. */
  insert(slots: number[]): void
  /** The group of each slot in the same order: read in sequence, where a look-up by slot would jump through memory. */
  groups(): Uint32Array
  /** Renames slots after their records moved. */
  rename(moved: { from: number; to: Uint32Array }): void
  /** Replaces everything by slots that stand in order already. */
  restore(sorted: Uint32Array): void
}

/** Returns an empty order by `compare`, which must be total: 0 for equal slots only. `groupOf` must not change while a slot is in. */
export function createOrder(compare: (a: number, b: number) => number, groupOf: (slot: number) => number): Order {
  let slots: Uint32Array = new Uint32Array(1024)
  let groups: Uint32Array = new Uint32Array(1024)
  let length = 0

  /** First position from `low` whose slot does not stand before `slot`. */
  const place = (slot: number, low: number, high: number): number => {
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(slots[middle]!, slot) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    get length() {
      return length
    },
    slots: () => slots,
    groups: () => groups,
    remove(gone) {
      const holes = gone
        .map((slot) => {
          const at = place(slot, 0, length)
          return slots[at] === slot ? at : slots.subarray(0, length).indexOf(slot)
        })
        .filter((at) => at >= 0)
        .toSorted((a, b) => a - b)
      for (const column of [slots, groups]) holes.forEach((hole, i) => column.copyWithin(hole - i, hole + 1, holes[i + 1] ?? length))
      length -= holes.length
    },
    insert(fresh) {
      fresh.sort(compare)
      const places: number[] = []
      for (const slot of fresh) places.push(place(slot, places.at(-1) ?? 0, length))
      if (length + fresh.length > slots.length) {
        const room = Math.ceil((length + fresh.length) * 1.125)
        slots = widen(slots, length, room)
        groups = widen(groups, length, room)
      }
      // From the back, so that each stretch moves once: a thousand insertions cost one pass, not a thousand.
      for (let i = fresh.length - 1, end = length; i >= 0; i--) {
        const at = places[i]!
        slots.copyWithin(at + i + 1, at, end)
        groups.copyWithin(at + i + 1, at, end)
        slots[at + i] = fresh[i]!
        groups[at + i] = groupOf(fresh[i]!)
        end = at
      }
      length += fresh.length
    },
    rename({ from, to }) {
      const end = from + to.length
      for (let i = 0; i < length; i++) {
        const slot = slots[i]!
        if (slot >= from && slot < end) slots[i] = to[slot - from]!
      }
    },
    restore(sorted) {
      slots = sorted
      groups = sorted.map(groupOf)
      length = sorted.length
    },
  }
}

function widen(from: Uint32Array, length: number, room: number): Uint32Array {
  const wider = new Uint32Array(room)
  wider.set(from.subarray(0, length))
  return wider
}
