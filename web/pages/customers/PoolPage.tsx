import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Page as ListPage, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { BulkBar, mayBulk } from './bulk/BulkBar.tsx'
import { ClaimButton } from './bulk/ClaimButton.tsx'
import { useSelection } from './bulk/useSelection.ts'
import { SimpleList } from './SimpleList.tsx'

const pageSize = 50
const query = 'filter[ownerId]=none'

/** The pool: customers nobody looks after, for whoever works in their store to take; managers hand several over at once. */
export const PoolPage = () => {
  const { t } = useTranslation()
  const scope = useScope('customer')
  const [page, setPage] = useState(1)
  const list = useQuery({
    queryKey: ['customers', 'list', 'pool', page],
    queryFn: ({ signal }) => request<ListPage<RecordView>>('GET', `/api/customers?${query}&pageSize=${pageSize}&page=${page}`, { signal }),
    placeholderData: keepPreviousData,
    // Colleagues take from it meanwhile.
    refetchInterval: 30_000,
  })
  const rows = list.data?.items ?? []
  const total = list.data?.total ?? 0
  const selection = useSelection(
    query,
    rows.map(({ id }) => id),
  )
  const mayTake = (row: RecordView): boolean => satisfies(scope.actions.claim ?? { kind: 'none' }, row as unknown as RuleRow)
  const mayGive = (scope.actions.handOver ?? { kind: 'none' }).kind !== 'none' && mayBulk(scope, false)
  return (
    <Page title={t('nav.pool')} sub={total > 0 ? t('pool.count', { count: total }) : ' '}>
      {list.isError ? <ErrorNote error={list.error} /> : null}
      {list.isPending ? (
        <div className='card'>
          <Bones />
        </div>
      ) : null}
      {list.data && total === 0 ? (
        <div className='card'>
          <Empty icon='people' title={t('pool.none')}>
            {t('pool.noneAdvice')}
          </Empty>
        </div>
      ) : null}
      <DamagedNote ids={list.data?.damaged} />
      {rows.length > 0 ? (
        <>
          <SimpleList
            rows={rows}
            total={total}
            page={page}
            pageSize={pageSize}
            onPage={setPage}
            picking={mayGive ? selection.picking : undefined}
            when={{ label: t('createdAt'), of: (row) => formatDay(row.createdAt) }}
            renderActs={(row) => (mayTake(row) ? <ClaimButton record={row} small /> : null)}
          />
          <BulkBar selection={selection} scope={scope} query={query} total={total} trashed={false} />
        </>
      ) : null}
    </Page>
  )
}
