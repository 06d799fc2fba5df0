import { randomInt } from 'node:crypto'

/** Returns the list in random order. A file sorted by name must not leave its order in the ids and numbers of the records (docs/threat-model.md). */
export const shuffled = <T>(list: readonly T[]): T[] => {
  const mixed = [...list]
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1)
    ;[mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!]
  }
  return mixed
}
