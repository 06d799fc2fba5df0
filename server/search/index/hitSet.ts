/** How well a record matches: 1 somewhere, 2 at the beginning of a ranked field, 3 a ranked field's whole value. */
export type Match = 1 | 2 | 3

/** The slots found so far, each with its best match: an array to look one up by, and a list, so that nothing walks over all slots. */
export type HitSet = {
  /** 0 for slots not found. */
  marks: Uint8Array
  slots: Uint32Array
  count: number
}

/** Returns an empty set. */
export function createHitSet(): HitSet {
  return { marks: new Uint8Array(0), slots: new Uint32Array(1024), count: 0 }
}

/** Empties the set and makes room for slots below `room`. */
export function clearHits(hits: HitSet, room: number): void {
  if (hits.marks.length < room) hits.marks = new Uint8Array(room)
  else for (let i = 0; i < hits.count; i++) hits.marks[hits.slots[i]!] = 0
  hits.count = 0
}

/** Adds a slot, or betters its match. */
export function addHit(hits: HitSet, slot: number, match: Match): void {
  const known = hits.marks[slot]!
  if (known >= match) return
  hits.marks[slot] = match
  if (known !== 0) return
  if (hits.count === hits.slots.length) {
    const wider = new Uint32Array(hits.slots.length * 2)
    wider.set(hits.slots)
    hits.slots = wider
  }
  hits.slots[hits.count++] = slot
}

/** Leaves only the slots that `holds`. */
export function keepHits(hits: HitSet, holds: (slot: number) => boolean): void {
  let count = 0
  for (let i = 0; i < hits.count; i++) {
    const slot = hits.slots[i]!
    if (holds(slot)) hits.slots[count++] = slot
    else hits.marks[slot] = 0
  }
  hits.count = count
}
