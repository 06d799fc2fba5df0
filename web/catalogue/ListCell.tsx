import { type ReactNode, useState } from 'react'
import type { TableColumn } from '../../domain/catalogue/tableColumns.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import { isLabels } from '../../domain/catalogue/labels.ts'
import { isMasked, type RecordView } from '../app/contract.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { Countdown } from './Countdown.tsx'
import { OneValue, useLabel, type ValueText, valuesOf } from './FieldValue.tsx'
import { AskButton, RevealAsk, RevealPicker } from './RevealAsk.tsx'
import { useReveal } from './useReveal.ts'

type MaskedProps = { path: string; record: RecordView; field: Field; name: string; query: string; text: ValueText }

const Mask = ({ record, field, name, query, text, children }: Omit<MaskedProps, 'path'> & { children: ReactNode }) => {
  const values = valuesOf(record, name)
  return (
    <span className='row nowrap-row masked-cell'>
      <OneValue field={field} value={values[0]!} query={query} text={text} />
      {values.length > 1 ? <span className='faint small'>+{values.length - 1}</span> : null}
      {children}
    </span>
  )
}

/** A masked value that somebody asked to see. */
const Asked = ({ path, ...shown }: MaskedProps) => {
  const { record, field, name } = shown
  const reveal = useReveal(path, record.id)
  const label = useLabel()(field)
  const open = reveal.values?.[name]
  const first = Array.isArray(open) ? open[0] : open
  if (first) {
    return (
      <button
        type='button'
        className='reveal bare-button'
        onClick={(event) => {
          event.stopPropagation()
          reveal.hide()
        }}
      >
        <Countdown left={reveal.left} />
        <b className='clip'>{field.kind === 'phone' ? formatPhone(first) : first}</b>
      </button>
    )
  }
  // Once it was shown and is hidden again, it waits to be asked for anew.
  const Ask = reveal.ask.isSuccess ? RevealAsk : RevealPicker
  return (
    <Mask {...shown}>
      <Ask reveal={reveal} fields={[name]} label={label} small />
    </Mask>
  )
}

// A list has some sixty of these: what a reveal needs is made ready for those that are asked for.
const Masked = (props: MaskedProps) => {
  const [isAsked, setIsAsked] = useState(false)
  const label = useLabel()(props.field)
  if (isAsked) return <Asked {...props} />
  return (
    <Mask {...props}>
      <AskButton label={label} small open={false} onClick={() => setIsAsked(true)} />
    </Mask>
  )
}

type ListCellProps = {
  path: string
  record: RecordView
  column: TableColumn
  field: Field
  query: string
  mayReveal: boolean
  text: ValueText
}

/** One value in a list: the first, and how many more there are. A masked one carries its reveal. */
export const ListCell = ({ path, record, column, field, query, mayReveal, text }: ListCellProps) => {
  const values = valuesOf(record, column.name)
  if (values.length === 0) return <span className='faint'>—</span>
  const isTag = isLabels(field)
  if (values.some(isMasked) && mayReveal && !isTag)
    return <Masked path={path} record={record} field={field} name={column.name} query={query} text={text} />
  if (isTag && isMasked(values[0])) return <OneValue field={field} value={values[0]} query={query} text={text} />
  if (isTag) {
    return (
      <span className='tags'>
        {values.slice(0, 1).map((value, i) => (
          <span key={i} className='tag'>
            <OneValue field={field} value={value} query={query} text={text} />
          </span>
        ))}
        {values.length > 1 ? <span className='faint small'>+{values.length - 1}</span> : null}
      </span>
    )
  }
  return (
    <span className='clip cell'>
      <OneValue field={field} value={values[0]!} query={query} text={text} />
      {values.length > 1 ? <span className='faint small'> +{values.length - 1}</span> : null}
    </span>
  )
}
