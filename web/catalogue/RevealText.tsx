import { useTranslation } from 'react-i18next'
import { isMasked, type RecordView } from '../app/contract.ts'
import { Countdown } from './Countdown.tsx'
import { MaskedText } from './MaskedText.tsx'
import { RevealAsk } from './RevealAsk.tsx'
import { useReveal } from './useReveal.ts'

type RevealTextProps = { path: string; record: RecordView; name: string; label: string; mayReveal: boolean }

/** A text within other words, open or masked; a masked one is asked for in place, and hides again after its time. */
export const RevealText = ({ path, record, name, label, mayReveal }: RevealTextProps) => {
  const { t } = useTranslation()
  const reveal = useReveal(path, record.id)
  const value = record[name]
  const opened = reveal.values?.[name]
  if (!isMasked(value)) return <>{String(value ?? '')}</>
  if (reveal.values)
    return (
      <span className='reveal' role='status'>
        <Countdown left={reveal.left} />
        <b>{typeof opened === 'string' ? opened : t('notGiven')}</b>
        <button type='button' className='chip' onClick={reveal.hide}>
          {t('reveal.hide')}
        </button>
      </span>
    )
  return (
    <span className='row'>
      <MaskedText text={value.masked} />
      {mayReveal ? <RevealAsk reveal={reveal} fields={[name]} label={label} /> : null}
    </span>
  )
}
