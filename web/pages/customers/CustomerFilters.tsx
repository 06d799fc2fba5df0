import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import { useDirectory } from '../../app/directory.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { Typed } from '../../ui/useTyped.ts'

export const customerFilters = ['storeId', 'ownerId', 'kind', 'trashed'] as const

type CustomerFiltersProps = {
  q: string
  onSearch: (text: string) => void
  composition: Typed['composition']
  filters: Record<string, string>
  onFilter: (name: string, value: string | null) => void
  onClear: (() => void) | null
  mayTrash: boolean
}

/** Search and filters above the customer list. */
export const CustomerFilters = ({ q, onSearch, composition, filters, onFilter, onClear, mayTrash }: CustomerFiltersProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const { storeId, ownerId, kind } = customer.fields
  const pick = (name: string, label: string, options: { value: string; label: string }[]) => (
    <Select
      className='pick-filter'
      aria-label={label}
      placeholder={label}
      allowClear
      showSearch={options.length > 6 ? { optionFilterProp: 'label' } : false}
      value={filters[name] ?? null}
      options={options}
      onChange={(value: string | null | undefined) => onFilter(name, value ?? null)}
      popupMatchSelectWidth={false}
    />
  )
  const kinds = Object.entries(kind.values ?? {}).map(([value, label]) => ({ value, label: labelOf({ label }) }))
  return (
    <search className='filters'>
      <Input
        className='search-box'
        allowClear
        prefix={<Icon name='search' size={16} />}
        placeholder={t('customers.search')}
        aria-label={t('customers.search')}
        value={q}
        maxLength={100}
        autoComplete='off'
        onChange={(event) => onSearch(event.target.value)}
        {...composition}
      />
      {stores.options.length > 1 ? pick('storeId', labelOf(storeId), stores.options) : null}
      {pick('ownerId', labelOf(ownerId), staff.options)}
      {pick('kind', labelOf(kind), kinds)}
      {mayTrash ? (
        <Link className='chip tall' to='/trash'>
          <Icon name='trash' size={15} />
          {t('customers.trashed')}
        </Link>
      ) : null}
      {onClear ? (
        <button type='button' className='chip bare tall' onClick={onClear}>
          <Icon name='close' size={13} />
          {t('clearFilters')}
        </button>
      ) : null}
    </search>
  )
}
