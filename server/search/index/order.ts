/** The slots of all records in one order, as a permutation. */
export type Order = {
  readonly length: number
  /** The permutation; valid up to `length` until the next change. */
  slots(): Uint32Array
  /** Takes slots out, whose data must still be there to compare by. */
  remove(slots: readonly number[]): void
  /** Puts slots in at their places. */
  insert(slots: number[]): void
  /** Renames slots after their records moved. */
  rename(to: (slot: number) => number): void
  /** Replaces everything by slots that stand in order already. */
  restore(sorted: Uint32Array): void
}

/** Returns an empty order by `compare`, which must be total: 0 for equal slots only. */
export function createOrder(compare: (a: number, b: number) => number): Order {
  let slots: Uint32Array = new Uint32Array(1024)
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
    remove(gone) {
      const holes = gone.map((slot) => {
        const at = place(slot, 0, length)
        return slots[at] === slot ? at : slots.subarray(0, length).indexOf(slot)
      }).filter((at) => at >= 0).toSorted((a, b) => a - b)
      holes.forEach((hole, i) => slots.copyWithin(hole - i, hole + 1, holes[i + 1] ?? length))
      length -= holes.length
    },
    insert(fresh) {
      fresh.sort(compare)
      const places: number[] = []
      for (const slot of fresh) places.push(place(slot, places.at(-1) ?? 0, length))
      if (length + fresh.length > slots.length) {
        const wider = new Uint32Array(Math.ceil((length + fresh.length) * 1.125))
        wider.set(slots.subarray(0, length))
        slots = wider
      }
      // From the back, so that each stretch moves once: a thousand insertions cost one pass, not a thousand.
      for (let i = fresh.length - 1, end = length; i >= 0; i--) {
        const at = places[i]!
        slots.copyWithin(at + i + 1, at, end)
        slots[at + i] = fresh[i]!
        end = at
      }
      length += fresh.length
    },
    rename(to) {
      for (let i = 0; i < length; i++) slots[i] = to(slots[i]!)
    },
    restore(sorted) {
      slots = sorted
      length = sorted.length
    },
  }
}
