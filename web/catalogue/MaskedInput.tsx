import { useTranslation } from 'react-i18next'
import type { RecordView } from '../app/contract.ts'
import { ErrorNote } from '../ui/Trouble.tsx'
import { MaskedText } from './MaskedText.tsx'
import { RevealAsk } from './RevealAsk.tsx'
import { plainOf } from './plainOf.ts'
import { useReveal } from './useReveal.ts'

type MaskedInputProps = {
  path: string
  record: RecordView
  name: string
  label: string
  mayReveal: boolean
  many: boolean
  /** `isBase`: the value as stored, so nothing has changed yet. */
  onOpen: (value: string | string[], isBase: boolean) => void
}

/** A masked value in a form: it stays as it is unless it is revealed to be edited, or replaced unseen. The mask itself is never sent. */
export const MaskedInput = ({ path, record, name, label, mayReveal, many, onOpen }: MaskedInputProps) => {
  const { t } = useTranslation()
  const reveal = useReveal(path, record.id)
  return (
    <div className='field'>
      <span className='label'>{label}</span>
      <span className='locked'>
        <MaskedText text={plainOf(record[name]) ?? ''} />
        <span className='row'>
          {mayReveal ? (
            <RevealAsk
              reveal={reveal}
              fields={[name]}
              label={label}
              onRevealed={(values) => onOpen(values[name] ?? (many ? [] : ''), true)}
            />
          ) : null}
          <button type='button' className='chip' onClick={() => onOpen(many ? [] : '', false)}>
            {t('form.replace')}
          </button>
        </span>
      </span>
      {reveal.ask.isError ? <ErrorNote error={reveal.ask.error} /> : null}
    </div>
  )
}
