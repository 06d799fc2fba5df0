import { useNow } from '../../ui/useNow.ts'
import { shopDay } from './personState.ts'

/** Returns the day in the shop: `2026-11-25`. */
export const useToday = (): string => shopDay(new Date(useNow()))
