import { Input, Select } from 'antd'
import { memo, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Entity } from '../../../domain/catalogue/entity.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import { absentValue, isLabels } from '../../../domain/catalogue/labels.ts'
import { createdColumn } from '../../../domain/preference/fitView.ts'
import { useDirectory } from '../../app/directory.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Typed } from '../../ui/useTyped.ts'
import { CreatedFilter } from './CreatedFilter.tsx'
import { joinLabels, splitLabels } from './customerQuery.ts'

type PickersProps = {
  entity: Entity
  /** Names of the fields to narrow by, in order, blanks between them: a text, so that it stays the same while somebody types. */
  names: string
  filters: Readonly<Record<string, string>>
  onFilter: (name: string, value: string | null) => void
  /** Returns the labels worth offering: those of the records that are shown. */
  labelsNow: () => string[]
}

// A view is made anew at each key; what the pickers show of it stays the same.
const isSamePickers = (a: PickersProps, b: PickersProps): boolean =>
  a.entity === b.entity && a.names === b.names && a.onFilter === b.onFilter && JSON.stringify(a.filters) === JSON.stringify(b.filters)

/** A choice for each field that the list may be narrowed by. */
const Pickers = memo(({ entity, names, filters, onFilter, labelsNow }: PickersProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const directories = { store: useDirectory('store'), staff: useDirectory('staff') }

  const optionsOf = (field: Field): { value: string; label: string }[] => {
    const known =
      field.kind === 'ref'
        ? directories[field.to === 'store' ? 'store' : 'staff'].options
        : Object.entries(field.values ?? {}).map(([value, label]) => ({ value, label: labelOf({ label }) }))
    const nobody = { value: absentValue, label: field.to === 'staff' ? t('filters.nobody') : t('filters.empty') }
    return field.optional ? [nobody, ...known] : known
  }
  const pick = (name: string, field: Field) => {
    const known = optionsOf(field)
    if (field.to === 'store' && known.length < 2) return null
    const value = filters[name] ?? null
    // Somebody who left, or a store that closed: the filter stands, its name is not known any more.
    const options = value === null || known.some((one) => one.value === value) ? known : [...known, { value, label: t('unknownName') }]
    return (
      <Select
        key={name}
        className='pick-filter'
        aria-label={labelOf(field)}
        placeholder={labelOf(field)}
        allowClear
        showSearch={options.length > 6 ? { optionFilterProp: 'label' } : false}
        value={value}
        options={options}
        onChange={(chosen: string | null | undefined) => onFilter(name, chosen ?? null)}
        popupMatchSelectWidth={false}
      />
    )
  }
  return (
    <>
      {names.split(' ').map((name): ReactNode => {
        if (name === createdColumn)
          return <CreatedFilter key={name} value={filters[name] ?? null} onChange={(value) => onFilter(name, value)} />
        const field = entity.fields[name]
        if (!field) return null
        if (!isLabels(field)) return pick(name, field)
        return (
          <LabelPicker
            key={name}
            field={field}
            value={filters[name] ?? ''}
            onPick={(value) => onFilter(name, value)}
            labelsNow={labelsNow}
          />
        )
      })}
    </>
  )
}, isSamePickers)

type LabelPickerProps = { field: Field; value: string; onPick: (value: string | null) => void; labelsNow: () => string[] }

/** Offers the labels of those who are shown when it is opened. */
const LabelPicker = ({ field, value, onPick, labelsNow }: LabelPickerProps) => {
  const labelOf = useLabel()
  const [labels, setLabels] = useState<string[]>([])
  return (
    <Select
      className='pick-filter'
      mode='tags'
      // What is typed is meant as it is, also where a longer label begins with it.
      showSearch={{ filterSort: (a, b, { searchValue }) => Number(b.value === searchValue) - Number(a.value === searchValue) }}
      aria-label={labelOf(field)}
      placeholder={labelOf(field)}
      maxCount={5}
      allowClear
      value={splitLabels(value)}
      options={labels.map((one) => ({ value: one, label: one }))}
      onOpenChange={(open) => (open ? setLabels(labelsNow()) : undefined)}
      onChange={(chosen: string[]) => onPick(chosen.length > 0 ? joinLabels(chosen) : null)}
      popupMatchSelectWidth={false}
    />
  )
}

/** What one narrows by every day stands open; the rest is one press away. */
const daily = ['storeId', 'ownerId', 'kind']

type CustomerFiltersProps = Omit<PickersProps, 'names'> & {
  q: string
  onSearch: (text: string) => void
  composition: Typed['composition']
  possible: readonly string[]
  onClear: (() => void) | null
  /** What stands at the end of the line. */
  children?: ReactNode
}

/** Search and filters above the customer list. */
export const CustomerFilters = (props: CustomerFiltersProps) => {
  const { entity, q, onSearch, composition, possible, filters, onFilter, labelsNow, onClear, children } = props
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const rest = possible.filter((name) => !daily.includes(name) && name !== 'trashed')
  const used = rest.filter((name) => filters[name] !== undefined)
  const count = Object.keys(filters).length
  return (
    <search className='filters' data-open={isOpen}>
      <Input
        className='search-box'
        allowClear
        prefix={<Icon name='search' size={16} />}
        placeholder={t('customers.search')}
        aria-label={t('customers.search')}
        value={q}
        maxLength={100}
        autoComplete='off'
        spellCheck={false}
        onChange={(event) => onSearch(event.target.value)}
        {...composition}
      />
      <div className='pickers'>
        <Pickers
          entity={entity}
          names={[...daily.filter((name) => possible.includes(name)), ...(isOpen ? rest : used)].join(' ')}
          filters={filters}
          onFilter={onFilter}
          labelsNow={labelsNow}
        />
      </div>
      {/* A place to go and not a filter: it stays in sight where a phone folds the filters away. */}
      {possible.includes('trashed') ? (
        <Link className='chip tall' to='/trash'>
          <Icon name='trash' size={15} />
          {t('customers.trashed')}
        </Link>
      ) : null}
      <button type='button' className='chip tall' aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Icon name='filter' size={15} />
        {t('filters.more')}
        {count > 0 ? <b className='count'>{count}</b> : null}
      </button>
      {onClear ? (
        <button type='button' className='chip bare tall' onClick={onClear}>
          <Icon name='close' size={13} />
          {t('clearFilters')}
        </button>
      ) : null}
      {children}
    </search>
  )
}
