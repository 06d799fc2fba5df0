import { useTranslation } from 'react-i18next'
import { isMasked, type RecordView } from '../app/contract.ts'
import { Highlight } from '../ui/Highlight.tsx'
import { MaskedText } from './MaskedText.tsx'
import { plainOf } from './plainOf.ts'

/** Says which contact found a customer: their name, and what the mask leaves of their number. */
export const FoundBy = ({ contact, query }: { contact: RecordView; query: string }) => {
  const { t } = useTranslation()
  const phones = contact['phones']
  const phone = Array.isArray(phones) ? phones[0] : undefined
  return (
    <span className='small faint clip found-by'>
      {t('customers.via')} <Highlight text={plainOf(contact['name']) ?? '—'} query={query} whole />{' '}
      {isMasked(phone) ? <MaskedText text={phone.masked} query={query} /> : null}
    </span>
  )
}
