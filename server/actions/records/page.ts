import type { Entity, View } from '../../../domain/catalogue/entity.ts'

/** A page of a list; `nextCursor` is null on the last page. `via`: for each record that a contact found, that contact, briefly. `customers`: those that what is listed is about, by id, briefly. `merged`: of what lies in the trash, into whom it was merged, as far as they are in sight. `damaged` is there when something is: ids of records in its place that do not open. */
export type Page = {
  items: View<Entity>[]
  total: number
  nextCursor: string | null
  damaged?: string[]
  via?: Record<string, View<Entity>>
  customers?: Record<string, View<Entity>>
  merged?: Record<string, { into: string | null; name: string | null; jobId: string }>
}

/** Returns the part of a page that says what does not open: nothing, on nearly every page there is. */
export const damagedPart = (damaged: string[]): Pick<Page, 'damaged'> => (damaged.length > 0 ? { damaged } : {})
