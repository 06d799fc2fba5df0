import type { Row } from '../../../domain/catalogue/entity.ts'
import { consent } from '../../../domain/crm/consent.ts'
import type { RecordView } from '../../app/contract.ts'

/** The plain part of a consent as it arrives: none of it is ever masked. */
type Said = Pick<Row<typeof consent>, 'channel' | 'state' | 'happenedAt' | 'createdAt' | 'how' | 'staffId'>

/** Every channel of marketing that one can say something about. */
export const channels = Object.keys(consent.fields.channel.values ?? {})

/** Reads the consents of a customer as the domain's rules take them. */
export const saidOf = (items: readonly RecordView[]): Said[] => items.map((item) => item as unknown as Said)
