import type { TableColumn } from '../../domain/catalogue/tableColumns.ts'
import type { Field } from '../../domain/catalogue/field.ts'
import { isLabels } from '../../domain/catalogue/labels.ts'
import { isMasked, type RecordView } from '../app/contract.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { Countdown } from './Countdown.tsx'
import { OneValue, useLabel, valuesOf } from './FieldValue.tsx'
import { RevealAsk } from './RevealAsk.tsx'
import { useReveal } from './useReveal.ts'

const Masked = ({ path, record, field, name, query }: { path: string; record: RecordView; field: Field; name: string; query: string }) => {
  const reveal = useReveal(path, record.id)
  const label = useLabel()(field)
  const values = valuesOf(record, name)
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
  return (
    <span className='row nowrap-row masked-cell'>
      <OneValue field={field} value={values[0]!} query={query} />
      {values.length > 1 ? <span className='faint small'>+{values.length - 1}</span> : null}
      <RevealAsk reveal={reveal} fields={[name]} label={label} small />
    </span>
  )
}

type ListCellProps = { path: string; record: RecordView; column: TableColumn; field: Field; query: string; mayReveal: boolean }

/** One value in a list: the first, and how many more there are. A masked one carries its reveal. */
export const ListCell = ({ path, record, column, field, query, mayReveal }: ListCellProps) => {
  const values = valuesOf(record, column.name)
  if (values.length === 0) return <span className='faint'>—</span>
  const isTag = isLabels(field)
  if (values.some(isMasked) && mayReveal && !isTag)
    return <Masked path={path} record={record} field={field} name={column.name} query={query} />
  if (isTag && isMasked(values[0])) return <OneValue field={field} value={values[0]} query={query} />
  if (isTag) {
    return (
      <span className='tags'>
        {values.slice(0, 1).map((value, i) => (
          <span key={i} className='tag'>
            <OneValue field={field} value={value} query={query} />
          </span>
        ))}
        {values.length > 1 ? <span className='faint small'>+{values.length - 1}</span> : null}
      </span>
    )
  }
  return (
    <span className='clip cell'>
      <OneValue field={field} value={values[0]!} query={query} />
      {values.length > 1 ? <span className='faint small'> +{values.length - 1}</span> : null}
    </span>
  )
}
