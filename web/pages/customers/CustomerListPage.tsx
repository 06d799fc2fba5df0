import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Pagination } from 'antd'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import { createdColumn, possibleIn } from '../../../domain/preference/fitView.ts'
import { isMasked, type Page as ListPage, type RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useActor, useScope } from '../../app/session.ts'
import { ColumnChooser } from '../../catalogue/ColumnChooser.tsx'
import { EntityTable } from '../../catalogue/EntityTable.tsx'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { isWorthAsking, useTyped } from '../../ui/useTyped.ts'
import { LazyExportDialog } from '../exports/LazyExportDialog.tsx'
import { BulkBar, mayBulk } from './bulk/BulkBar.tsx'
import { useSelection } from './bulk/useSelection.ts'
import { CustomerFilters } from './CustomerFilters.tsx'
import { customerQuery, wholeQuery } from './customerQuery.ts'
import { useListView } from './useListView.ts'
import { ViewTabs } from './ViewTabs.tsx'

/** Labels of the shown records that may be read, the first thirty. */
const labelsIn = (records: readonly RecordView[]): string[] =>
  [...new Set(records.flatMap(({ tags }) => (Array.isArray(tags) ? tags.flatMap((one) => (isMasked(one) ? [] : [one])) : [])))].slice(0, 30)

/** The columns that stand there until somebody chooses; on a screen too narrow for them the table moves sideways below its names. */
const usualColumns = ['name', 'phones', 'addresses', 'tags', 'storeId', 'ownerId', createdColumn]

/** The list of customers: views, search, filters, order, columns, pages; it remembers how it was left. */
export const CustomerListPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const labelOf = useLabel()
  const actor = useActor()
  const scope = useScope('customer')
  const possible = useMemo(() => possibleIn(customer, scope), [scope])
  const look = useListView(actor.staffId, possible)
  const { view, isNarrowed, clear } = look
  const { settled, composition } = useTyped(view.q)
  const wanted = isWorthAsking(settled) ? settled : ''
  const query = customerQuery(view, wanted)
  // What is shown knows what it was asked for: until the next answer is here, the one before stands with its own marks.
  const list = useQuery({
    queryKey: ['customers', 'list', query],
    queryFn: async ({ signal }) => ({ q: wanted, page: await request<ListPage<RecordView>>('GET', `/api/customers?${query}`, { signal }) }),
    placeholderData: keepPreviousData,
    enabled: look.ready,
  })
  const shown = list.data?.page
  const wordsOf = (name: string): string =>
    name === createdColumn ? t('createdAt') : customer.fields[name as 'name'] ? labelOf(customer.fields[name as 'name']) : name
  const columns = useMemo(
    () => (view.columns ?? usualColumns).filter((name) => possible.columns.includes(name)),
    // oxlint-disable-next-line react/exhaustive-deps -- the list is made anew each time; what it says is what counts
    [view.columns?.join(), possible],
  )
  const showing = useRef<readonly RecordView[]>([])
  showing.current = shown?.items ?? []
  const labelsNow = useCallback(() => labelsIn(showing.current), [])
  const changing = useRef(look.change)
  changing.current = look.change
  const onFilter = useCallback((name: string, value: string | null) => changing.current({ [name]: value }), [])
  const trashed = view.filters['trashed'] === 'true'
  const selection = useSelection(wholeQuery(query), shown?.items.map(({ id }) => id) ?? [])
  // Whoever comes to hand over all of somebody's customers finds them selected, whatever was searched for before.
  const { state: passed, search } = useLocation()
  const takesWhole = useRef((passed as { takeWhole?: boolean } | null)?.takeWhole === true)
  useEffect(() => {
    if (!takesWhole.current || !look.ready) return
    if (view.q !== '') look.search('')
    else if (view.filters['tags']) look.change({ tags: null })
    else if (wanted === '' && shown && !list.isPlaceholderData) {
      takesWhole.current = false
      selection.takeWhole()
      void navigate(`/customers${search}`, { replace: true, state: null })
    }
    // oxlint-disable-next-line react/exhaustive-deps -- what is called is made anew each time
  }, [look.ready, view.q, view.filters['tags'], wanted, shown])
  useEffect(() => {
    // What one does next in a list is to open somebody: their page is fetched while the list is read.
    const timer = setTimeout(() => void import('./CustomerPage.tsx').catch(() => {}), 600)
    return () => clearTimeout(timer)
  }, [])
  const [exporting, setExporting] = useState(false)
  const may = (action: 'create' | 'import' | 'trash' | 'export'): boolean => (scope.actions[action] ?? { kind: 'none' }).kind !== 'none'
  const total = shown?.total ?? 0
  const create = may('create') ? (
    <Button type='primary' onClick={() => void navigate('/customers/new')} icon={<Icon name='plus' size={16} />}>
      {t('customers.new')}
    </Button>
  ) : null
  const bringIn = may('import') ? <Button onClick={() => void navigate('/imports')}>{t('customers.import')}</Button> : null
  const takeOut = may('export') && !trashed && total > 0 ? <Button onClick={() => setExporting(true)}>{t('exports.act')}</Button> : null
  const nobody = list.data && total === 0 && !isNarrowed
  return (
    <Page
      title={t('nav.customers')}
      sub={nobody ? ' ' : list.data ? (isNarrowed ? t('customers.found', { count: total }) : t('customers.count', { count: total })) : ' '}
      actions={
        nobody ? null : (
          <>
            {takeOut}
            {bringIn}
            {create}
          </>
        )
      }
    >
      {exporting ? (
        <LazyExportDialog select={{ query: wholeQuery(query) }} onStarted={() => setExporting(false)} onClose={() => setExporting(false)} />
      ) : null}
      {nobody ? (
        <div className='card'>
          <Empty
            icon='people'
            title={t('customers.none.title')}
            actions={
              <>
                {create}
                {bringIn}
                {may('trash') ? <Button onClick={() => void navigate('/trash')}>{t('customers.trashed')}</Button> : null}
              </>
            }
          >
            {may('create') ? t('customers.none.advice') : t('customers.none.ask')}
          </Empty>
        </div>
      ) : (
        <>
          <ViewTabs look={look} />
          {look.lost.length > 0 ? (
            <p className='note lost' role='status'>
              <Icon name='info' size={16} />
              {t('views.lost', { names: look.lost.map(wordsOf).join(t('listComma')) })}
            </p>
          ) : null}
          <CustomerFilters
            entity={customer}
            q={view.q}
            onSearch={look.search}
            composition={composition}
            possible={possible.filters}
            filters={view.filters}
            onFilter={onFilter}
            labelsNow={labelsNow}
            onClear={isNarrowed ? clear : null}
          >
            <ColumnChooser
              possible={possible.columns.map((name) => ({ name, words: wordsOf(name) }))}
              chosen={columns}
              isDefault={view.columns === null}
              onChoose={look.chooseColumns}
            />
          </CustomerFilters>
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
                via={shown?.via}
                sort={view.sort}
                onSort={look.chooseSort}
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
                    if (pageSize === view.pageSize) look.change({ page: String(page) })
                    else look.choosePageSize(pageSize)
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
