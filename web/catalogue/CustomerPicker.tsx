import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Page, RecordView } from '../app/contract.ts'
import { useDirectory } from '../app/directory.ts'
import { request } from '../app/request.ts'
import type { Ties } from '../ui/Field.tsx'
import { Highlight } from '../ui/Highlight.tsx'
import { isWorthAsking, useTyped } from '../ui/useTyped.ts'
import { briefKey, CustomerName } from './CustomerName.tsx'
import { MaskedText } from './MaskedText.tsx'
import { plainOf } from './plainOf.ts'

/** More people of one name than this are told apart by typing on. */
const shownResults = 8

type CustomerPickerProps = { ties: Ties; value: string; ownId: string | null; onChange: (value: string) => void }

const Candidate = ({ record, query }: { record: RecordView; query: string }) => {
  const stores = useDirectory('store')
  const phone = plainOf(record['phones'])?.split('、')[0]
  return (
    <span className='candidate'>
      <b className='clip'>
        <Highlight text={plainOf(record['name']) ?? '—'} query={query} whole />
      </b>
      <span className='small faint nowrap'>
        {phone ? <MaskedText text={phone} /> : null} {stores.nameOf(record['storeId'])}
      </span>
    </span>
  )
}

type Option = { value: string; label: string; record: RecordView; query: string }

const heard = (record: RecordView): string => [plainOf(record['name']), plainOf(record['phones'])].filter(Boolean).join(' ')

const candidate = ({ data }: { data: Option }) => <Candidate record={data.record} query={data.query} />

const chosenName = ({ value }: { value: string | number }) => <CustomerName id={String(value)} plain />

/** Chooses a customer by what one remembers of them, while one types: names, and what their masks leave to tell two of one name apart. */
export const CustomerPicker = ({ ties, value, ownId, onChange }: CustomerPickerProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const { settled: query, composition } = useTyped(text)
  const searches = isWorthAsking(query)
  const found = useQuery({
    queryKey: ['customers', 'pick', query],
    queryFn: ({ signal }) => {
      const parameters = new URLSearchParams({ pageSize: String(shownResults), show: 'brief', q: query })
      return request<Page<RecordView>>('GET', `/api/customers?${parameters}`, { signal })
    },
    enabled: searches,
    gcTime: 0,
  })
  const records = searches ? (found.data?.items ?? []).filter(({ id }) => id !== ownId) : []
  return (
    <div className='picker' {...composition}>
      <Select
        {...ties}
        allowClear
        showSearch={{ filterOption: false, onSearch: setText }}
        value={value === '' ? null : value}
        // The label is what a screen reader hears.
        options={records.map((record) => ({ value: record.id, label: heard(record), record, query }))}
        optionRender={candidate}
        labelRender={chosenName}
        placeholder={t('referrer.placeholder')}
        notFoundContent={
          <span className='faint'>
            {!searches ? t('referrer.hint') : found.isError ? t('referrer.failed') : found.data ? t('referrer.none') : t('loading')}
          </span>
        }
        onChange={(chosen: string | null | undefined) => {
          const record = records.find(({ id }) => id === chosen)
          // It has just been looked at so: once is enough.
          if (record) client.setQueryData(briefKey(record.id), record)
          onChange(chosen ?? '')
        }}
      />
    </div>
  )
}
