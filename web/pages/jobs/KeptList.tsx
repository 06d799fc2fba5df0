import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { catalogue } from '../../../domain/catalogue/all.ts'
import type { Field } from '../../../domain/catalogue/field.ts'
import type { Job, Page as ListPage, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Card } from '../../ui/Card.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useWhy } from '../../app/useWhy.ts'

const perPage = 50

type Line = NonNullable<NonNullable<Job['result']>['list']>[number]

const KeptLine = ({ line, record }: { line: Line; record: RecordView | undefined }) => {
  const { t } = useTranslation()
  const why = useWhy()
  const labelOf = useLabel()
  const fields = (catalogue as Record<string, { fields: Record<string, Field> }>)[line.entity]?.fields ?? {}
  const names = (line.fields ?? []).flatMap((name) => (fields[name] ? [labelOf(fields[name])] : []))
  return (
    <li>
      {record ? (
        <Link to={`/customers/${record.id}`}>{plainOf(record['name']) ?? '—'}</Link>
      ) : (
        <span className='faint'>{t('jobs.outOfSight')}</span>
      )}
      <span className='quiet small'>
        {why(line.why)}
        {names.length > 0 ? t('jobs.fields', { fields: names.join(t('bulk.comma')) }) : ''}
      </span>
    </li>
  )
}

/** The customers a job left as they were, or changed in part, and why; names as far as the reader may see them. */
export const KeptList = ({ job }: { job: Job }) => {
  const { t } = useTranslation()
  const [page, setPage] = useState(0)
  const mayLook = useScope('customer').rows.kind !== 'none'
  const list = job.result?.list ?? []
  const known = useQuery({
    queryKey: ['jobs', job.id, 'records', page, list.length],
    queryFn: ({ signal }) => request<ListPage<RecordView>>('GET', `/api/jobs/${job.id}/records?offset=${page * perPage}`, { signal }),
    enabled: mayLook && list.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const records = new Map(known.data?.items.map((record) => [record.id, record]))
  const shown = list.slice(page * perPage, (page + 1) * perPage)
  const counted = Object.values(job.result?.reasons ?? {}).reduce((sum, n) => sum + n, 0)
  return (
    <Card title={t('jobs.keptTitle')} aside={counted > list.length ? t('jobs.firstOf', { shown: list.length, count: counted }) : counted}>
      {known.isError ? <ErrorNote error={known.error} /> : null}
      <ul className='log'>
        {shown.map((line, i) => (
          <KeptLine key={`${line.id}-${i}`} line={line} record={records.get(line.id)} />
        ))}
      </ul>
      {list.length > perPage ? (
        <div className='row apart'>
          <Button size='small' disabled={page === 0} onClick={() => setPage(page - 1)}>
            {t('jobs.before')}
          </Button>
          <span className='faint small'>{t('jobs.pageOf', { page: page + 1, pages: Math.ceil(list.length / perPage) })}</span>
          <Button size='small' disabled={(page + 1) * perPage >= list.length} onClick={() => setPage(page + 1)}>
            {t('jobs.after')}
          </Button>
        </div>
      ) : null}
    </Card>
  )
}
