import { shopZone } from '../../domain/text/zonedTime.ts'

/** SQL of the day it is in the shop, by its own calendar. */
export const shopToday = `(now() at time zone '${shopZone}')::date`
