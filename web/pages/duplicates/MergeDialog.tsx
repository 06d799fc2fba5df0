import { useQueries } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../../domain/catalogue/field.ts'
import { customer } from '../../../domain/crm/customer.ts'
import { canKeepAll } from '../../../domain/crm/mergeFields.ts'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { OneValue, useLabel, valuesOf } from '../../catalogue/FieldValue.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Bones } from '../../ui/Bones.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useMerge } from './useMerge.ts'
import './duplicates.css'

const fields: Readonly<Record<string, Field>> = customer.fields
const same = (record: RecordView, other: RecordView, name: string): boolean =>
  JSON.stringify(record[name] ?? null) === JSON.stringify(other[name] ?? null)
const isEmpty = (record: RecordView, name: string): boolean => valuesOf(record, name).length === 0

/** Whose value a field keeps unless somebody says otherwise; as `mergeFields` does it. */
const usual = (records: readonly RecordView[], name: string): string => {
  if (canKeepAll(fields[name]!)) return 'all'
  return (records.find((record) => !isEmpty(record, name)) ?? records[0]!).id
}

const Values = ({ record, name }: { record: RecordView; name: string }) => {
  const { t } = useTranslation()
  const values = valuesOf(record, name)
  if (values.length === 0) return <span className='faint'>{t('notGiven')}</span>
  return values.map((value, i) => (
    <span key={i} className='value'>
      <OneValue field={fields[name]!} value={value} />
    </span>
  ))
}

type RowProps = { name: string; records: readonly RecordView[]; chosen: string; onChoose: (choice: string) => void }

const FieldChoice = ({ name, records, chosen, onChoose }: RowProps) => {
  const { t } = useTranslation()
  const label = useLabel()(fields[name]!)
  const differs = records.some((record) => !same(record, records[0]!, name))
  const all = canKeepAll(fields[name]!)
  return (
    <tr>
      <th scope='row'>{label}</th>
      {records.map((record) => (
        <td key={record.id}>
          {differs ? (
            <label className='merge-pick' data-on={chosen === record.id || chosen === 'all'}>
              <input type='radio' name={name} checked={chosen === record.id} onChange={() => onChoose(record.id)} />
              <span>
                <Values record={record} name={name} />
              </span>
            </label>
          ) : (
            <Values record={record} name={name} />
          )}
        </td>
      ))}
      <td>
        {differs && all ? (
          <label className='merge-pick' data-on={chosen === 'all'}>
            <input type='radio' name={name} checked={chosen === 'all'} onChange={() => onChoose('all')} />
            <span>{t('duplicates.keepAll')}</span>
          </label>
        ) : null}
      </td>
    </tr>
  )
}

const Stays = ({ record, chosen, onChoose }: { record: RecordView; chosen: boolean; onChoose: () => void }) => {
  const { t } = useTranslation()
  const name = plainOf(record['name']) ?? '—'
  const since = t('duplicates.since', { day: formatDay(record.createdAt) })
  return (
    <th scope='col' aria-label={name}>
      <span className='merge-pick' data-on={chosen}>
        <input type='radio' name='into' aria-label={`${name} ${since}`} checked={chosen} onChange={onChoose} />
        <span>
          <b>{name}</b>
          <span className='small faint'>{since}</span>
        </span>
      </span>
    </th>
  )
}

const Choosing = ({ records, onClose, onDone }: { records: readonly RecordView[]; onClose: () => void; onDone: (id: string) => void }) => {
  const { t } = useTranslation()
  const [into, setInto] = useState(records[0]!.id)
  const [choices, setChoices] = useState<Record<string, string>>({})
  const merge = useMerge()
  const ordered = [...records.filter(({ id }) => id === into), ...records.filter(({ id }) => id !== into)]
  const names = Object.keys(fields).filter((name) => records.some((record) => !isEmpty(record, name)))
  const [first, ...others] = ordered.map(({ id, version }) => ({ id, version }))
  const chosen = (name: string): string => choices[name] ?? usual(ordered, name)
  return (
    <Modal
      open
      width={Math.min(360 + records.length * 240, 1_180)}
      title={t('duplicates.mergeTitle')}
      okText={t('duplicates.merge', { count: records.length })}
      cancelText={t('cancel')}
      confirmLoading={merge.isPending}
      onOk={() => merge.mutate({ into: first!, others, choices }, { onSuccess: () => onDone(into) })}
      onCancel={onClose}
    >
      <p className='quiet'>{t('duplicates.what')}</p>
      {merge.isError ? <ErrorNote error={merge.error} /> : null}
      <div className='merge-scroll'>
        <table className='merge'>
          <thead>
            <tr>
              <th scope='col'>{t('duplicates.stays')}</th>
              {records.map((record) => (
                <Stays key={record.id} record={record} chosen={into === record.id} onChoose={() => setInto(record.id)} />
              ))}
              <td className='faint small'>{t('duplicates.both')}</td>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <FieldChoice
                key={name}
                name={name}
                records={records}
                chosen={chosen(name)}
                onChoose={(choice) => setChoices((before) => ({ ...before, [name]: choice }))}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  )
}

/** Customers side by side: who stays, and whose value each field keeps. */
export const MergeDialog = ({ ids, onClose, onDone }: { ids: readonly string[]; onClose: () => void; onDone: (id: string) => void }) => {
  const { t } = useTranslation()
  const asked = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['customers', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => request<RecordView>('GET', `/api/customers/${id}`, { signal }),
    })),
  })
  const failed = asked.find(({ error }) => error)
  const records = asked.flatMap(({ data }) => data ?? [])
  if (records.length === ids.length && !failed) return <Choosing records={records} onClose={onClose} onDone={onDone} />
  return (
    <Modal open title={t('duplicates.mergeTitle')} footer={null} onCancel={onClose}>
      {failed ? <ErrorNote error={failed.error} /> : <Bones widths={[80, 60, 70]} />}
    </Modal>
  )
}
