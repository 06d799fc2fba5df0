import { Input, Select } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormField } from '../../domain/catalogue/form.ts'
import { useDirectory } from '../app/directory.ts'
import type { Ties } from '../ui/Field.tsx'
import { Icon } from '../ui/Icon.tsx'
import { CustomerPicker } from './CustomerPicker.tsx'
import { useLabel } from './FieldValue.tsx'

type Value = string | string[] | null
// The list of divisions and the cascader are heavy, and only a form with an address needs them.
const AddressInput = lazy(async () => ({ default: (await import('./AddressInput.tsx')).AddressInput }))

type LineProps = {
  field: FormField
  suffix: string
  ties: Partial<Ties> & { 'aria-label'?: string }
  value: string
  autoFocus: boolean
  onChange: (value: string) => void
}

/** One line of text, or one address. */
const Line = ({ field, suffix, ties, value, autoFocus, onChange }: LineProps) => {
  const isAddress = field.control === 'address'
  const line = (
    <Input
      {...ties}
      // What is typed into a stand-in would lose its focus to the real one.
      disabled={isAddress}
      inputMode={field.control === 'phone' ? 'tel' : field.control === 'email' ? 'email' : 'text'}
      autoComplete='off'
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
  if (!isAddress) return line
  return (
    <Suspense fallback={line}>
      <AddressInput ties={ties} suffix={suffix} value={value} autoFocus={autoFocus} onChange={onChange} />
    </Suspense>
  )
}

type FieldInputProps = {
  field: FormField
  ties: Ties
  value: Value
  /** The record that the form is about: it is no choice for a reference to its own kind. */
  ownId: string | null
  autoFocus: boolean
  onChange: (value: Value) => void
}

const Many = ({ field, ties, value, autoFocus, onChange }: FieldInputProps) => {
  const { t } = useTranslation()
  const label = useLabel()(field)
  const list = Array.isArray(value) && value.length > 0 ? value : ['']
  const set = (i: number, text: string) => onChange(list.map((one, j) => (i === j ? text : one)))
  return (
    <div className='many'>
      {list.map((one, i) => (
        <div key={i}>
          <Line
            field={field}
            suffix={i === 0 ? '' : ` ${i + 1}`}
            ties={i === 0 ? ties : { 'aria-label': `${label} ${i + 1}`, ...(ties.status ? { status: ties.status } : {}) }}
            autoFocus={autoFocus && i === 0}
            value={one}
            onChange={(text) => set(i, text)}
          />
          {list.length > 1 ? (
            <button
              type='button'
              className='chip bare'
              aria-label={t('form.remove', { field: label })}
              onClick={() => onChange(list.filter((_, j) => j !== i))}
            >
              <Icon name='close' size={14} />
            </button>
          ) : null}
        </div>
      ))}
      {list.length < field.items && list.at(-1)?.trim() ? (
        <button type='button' className='chip bare add' onClick={() => onChange([...list, ''])}>
          <Icon name='plus' size={13} />
          {t('form.more', { field: label })}
        </button>
      ) : null}
    </div>
  )
}

/** The control a field is filled in with. */
export const FieldInput = (props: FieldInputProps) => {
  const { field, ties, value, ownId, autoFocus, onChange } = props
  const { t } = useTranslation()
  const label = useLabel()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  if (field.control === 'words') {
    return (
      <Select
        {...ties}
        mode='tags'
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，', '、']}
        maxTagTextLength={30}
        placeholder={t('form.tags')}
        value={Array.isArray(value) ? value : []}
        onChange={(list: string[]) => onChange(list)}
      />
    )
  }
  if (field.items > 1) return <Many {...props} />
  const text = typeof value === 'string' ? value : ''
  if (field.control === 'lines')
    return (
      <Input.TextArea
        {...ties}
        value={text}
        rows={3}
        className='grows'
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  if (field.control === 'record' && field.to === 'customer')
    return <CustomerPicker ties={ties} value={text} ownId={ownId} onChange={onChange} />
  if (field.control === 'record' || field.control === 'select') {
    const options =
      field.control === 'record'
        ? (field.to === 'store' ? stores : staff).options
        : Object.entries(field.values ?? {}).map(([option, words]) => ({ value: option, label: label({ label: words }) }))
    return (
      <Select
        {...ties}
        allowClear={!field.required}
        showSearch={options.length > 6 ? { optionFilterProp: 'label' } : false}
        value={text === '' ? null : text}
        options={options}
        placeholder={t('form.choose')}
        onChange={(chosen: string | null | undefined) => onChange(chosen ?? '')}
      />
    )
  }
  return <Line field={field} suffix='' ties={ties} value={text} autoFocus={autoFocus} onChange={onChange} />
}
