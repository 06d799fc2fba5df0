import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Pagination } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { Page as ListPage, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useActor, useScope } from '../../app/session.ts'
import { EntityTable } from '../../catalogue/EntityTable.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { isWorthAsking, useTyped } from '../../ui/useTyped.ts'
import { BulkBar, mayBulk } from './bulk/BulkBar.tsx'
import { useSelection } from './bulk/useSelection.ts'
import { CustomerFilters, customerFilters } from './CustomerFilters.tsx'
import { customerQuery, wholeQuery } from './customerQuery.ts'
import { useListView } from './useListView.ts'

const columns = [
  { name: 'name', width: '22%' },
  { name: 'phones', width: '196px' },
  { name: 'addresses', width: '22%' },
  { name: 'tags', width: '18%' },
  { name: 'storeId', width: '13%' },
  { name: 'ownerId', width: '12%' },
]

/** The list of customers: search, filter, sort, page; it remembers how it was left. */
export const CustomerListPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const actor = useActor()
  const scope = useScope('customer')
  const { view, q, search, change, clear, isNarrowed } = useListView('customers', actor.staffId, customerFilters)
  const { settled, composition } = useTyped(q)
  const wanted = isWorthAsking(settled) ? settled : ''
  const query = customerQuery(view, wanted)
  // What is shown knows what it was asked for: until the next answer is here, the one before stands with its own marks.
  const list = useQuery({
    queryKey: ['customers', 'list', query],
    queryFn: async ({ signal }) => ({ q: wanted, page: await request<ListPage<RecordView>>('GET', `/api/customers?${query}`, { signal }) }),
    placeholderData: keepPreviousData,
  })
  const shown = list.data?.page
  const trashed = view.filters['trashed'] === 'true'
  const selection = useSelection(wholeQuery(query), shown?.items.map(({ id }) => id) ?? [])
  useEffect(() => {
    // What one does next in a list is to open somebody: their page is fetched while the list is read.
    const timer = setTimeout(() => void import('./CustomerPage.tsx').catch(() => {}), 600)
    return () => clearTimeout(timer)
  }, [])
  const may = (action: 'create' | 'import' | 'trash'): boolean => (scope.actions[action] ?? { kind: 'none' }).kind !== 'none'
  const total = shown?.total ?? 0
  const create = may('create') ? (
    <Button type='primary' onClick={() => void navigate('/customers/new')} icon={<Icon name='plus' size={16} />}>
      {t('customers.new')}
    </Button>
  ) : null
  const bringIn = may('import') ? <Button onClick={() => void navigate('/imports')}>{t('customers.import')}</Button> : null
  const nobody = list.data && total === 0 && !isNarrowed
  return (
    <Page
      title={t('nav.customers')}
      sub={nobody ? ' ' : list.data ? (isNarrowed ? t('customers.found', { count: total }) : t('customers.count', { count: total })) : ' '}
      actions={
        nobody ? null : (
          <>
            {bringIn}
            {create}
          </>
        )
      }
    >
      {nobody ? (
        <div className='card'>
          <Empty
            icon='people'
            title={t('customers.none.title')}
            actions={
              <>
                {create}
                {bringIn}
              </>
            }
          >
            {may('create') ? t('customers.none.advice') : t('customers.none.ask')}
          </Empty>
        </div>
      ) : (
        <>
          <CustomerFilters
            q={q}
            onSearch={search}
            composition={composition}
            filters={view.filters}
            onFilter={(name, value) => change({ [name]: value })}
            onClear={isNarrowed ? clear : null}
            mayTrash={may('trash')}
          />
          {list.isError ? (
            <ErrorNote error={list.error}>
              <Button onClick={() => void list.refetch()}>{t('tryAgain')}</Button>
            </ErrorNote>
          ) : list.data && total === 0 ? (
            <div className='card'>
              <Empty icon='search' title={t('customers.nothing.title')} actions={<Button onClick={clear}>{t('clearFilters')}</Button>}>
                {t('customers.nothing.advice')}
              </Empty>
            </div>
          ) : (
            <div className={list.isPlaceholderData ? 'results stale' : 'results'} aria-busy={list.isPlaceholderData}>
              <DamagedNote ids={shown?.damaged} />
              <EntityTable
                entity={customer}
                scope={scope}
                columns={columns}
                rows={shown?.items ?? null}
                query={list.data?.q ?? ''}
                sort={view.sort}
                onSort={(sort) => change({ sort })}
                expected={view.pageSize}
                picking={mayBulk(scope, trashed) ? selection.picking : undefined}
              />
              <BulkBar selection={selection} scope={scope} query={wholeQuery(query)} total={total} trashed={trashed} />
              <div className='pager'>
                <span className='faint small'>
                  <Icon name='lock' size={14} /> {t('customers.sealed')}
                </span>
                <Pagination
                  current={view.page}
                  pageSize={view.pageSize}
                  total={total}
                  showSizeChanger={{ 'aria-label': t('pageSize') }}
                  pageSizeOptions={[20, 50, 100, 200]}
                  responsive
                  showLessItems
                  onChange={(page, pageSize) => {
                    change(pageSize === view.pageSize ? { page: String(page) } : { pageSize: String(pageSize), page: null })
                    window.scrollTo({ top: 0 })
                  }}
                />
              </div>
            </div>
          )}
        </>
      )}
    </Page>
  )
}
