import type { Row } from '../catalogue/entity.ts'
import type { consent } from './consent.ts'

type Said = Pick<Row<typeof consent>, 'channel' | 'state' | 'happenedAt' | 'createdAt'>

const later = (a: Said, b: Said): boolean =>
  a.happenedAt === b.happenedAt
    ? a.createdAt > b.createdAt || (a.createdAt === b.createdAt && a.state === 'withdrawn')
    : a.happenedAt > b.happenedAt

/** Returns what was said last about the channel, or null when nothing ever was. Of two at one instant the later recorded counts, and then a refusal. */
export const newestConsent = <S extends Said>(consents: readonly S[], channel: string): S | null =>
  consents.filter((one) => one.channel === channel).reduce<S | null>((newest, one) => (newest && !later(one, newest) ? newest : one), null)

/** Whether the customer may be sent marketing by the channel: only where consent was given and not withdrawn since (PIPL 15; unknown means no). */
export const mayMarket = (consents: readonly Said[], channel: string): boolean => newestConsent(consents, channel)?.state === 'given'
