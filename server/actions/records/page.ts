import type { Entity, View } from '../../../domain/catalogue/entity.ts'

/** A page of a list; `nextCursor` is null on the last page. */
export type Page = { items: View<Entity>[]; total: number; nextCursor: string | null }
