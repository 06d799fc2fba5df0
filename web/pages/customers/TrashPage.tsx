import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Action } from '../../../domain/policy/role.ts'
import type { Page as ListPage, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Bones } from '../../ui/Bones.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { BulkBar, mayBulk } from './bulk/BulkBar.tsx'
import { useSelection } from './bulk/useSelection.ts'
import { EraseDialog } from './EraseDialog.tsx'
import { SimpleList } from './SimpleList.tsx'
import { useTrash } from './useTrash.ts'

/** Where a customer went who was merged away, and the way to part them again: taken out of the trash alone they would be there twice. */
const MergedNote = ({ of: { into, name, jobId } }: { of: NonNullable<ListPage<RecordView>['merged']>[string] }) => {
  const { t } = useTranslation()
  return (
    <span className='row small'>
      {into ? (
        <span>
          {t('trash.mergedInto')} <Link to={`/customers/${into}`}>{name ?? '—'}</Link>
        </span>
      ) : (
        <span>{t('trash.mergedElsewhere')}</span>
      )}
      <Link className='chip' to={`/jobs/${jobId}`}>
        {t('trash.part')}
      </Link>
    </span>
  )
}

const pageSize = 50
const query = 'filter[trashed]=true'

/** The trash: whom one can take out again, one by one or many at once, and whom one can erase for good. */
export const TrashPage = () => {
  const { t } = useTranslation()
  const scope = useScope('customer')
  const [page, setPage] = useState(1)
  const [erasing, setErasing] = useState<RecordView | null>(null)
  const { restore } = useTrash()
  const list = useQuery({
    queryKey: ['customers', 'list', 'trash', page],
    queryFn: ({ signal }) => request<ListPage<RecordView>>('GET', `/api/customers?${query}&pageSize=${pageSize}&page=${page}`, { signal }),
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.items ?? []
  const total = list.data?.total ?? 0
  const merged = list.data?.merged ?? {}
  const selection = useSelection(
    query,
    rows.map(({ id }) => id),
  )
  const may = (action: Action, row: RecordView): boolean => satisfies(scope.actions[action] ?? { kind: 'none' }, row as unknown as RuleRow)
  const back = (
    <Link className='chip tall' to='/customers'>
      <Icon name='left' size={14} />
      {t('customers.back')}
    </Link>
  )
  return (
    <Page title={t('trash.title')} sub={total > 0 ? t('trash.count', { count: total }) : ' '} actions={back}>
      {list.isError ? <ErrorNote error={list.error} /> : null}
      {list.isPending ? (
        <div className='card'>
          <Bones />
        </div>
      ) : null}
      {list.data && total === 0 ? (
        <div className='card'>
          <Empty icon='trash' title={t('trash.none')}>
            {t('trash.noneAdvice')}
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
            picking={mayBulk(scope, true) ? selection.picking : undefined}
            owners
            when={{ label: t('trash.when'), of: (row) => formatInstant(row.trashedAt) }}
            renderActs={(row) => (
              <>
                {merged[row.id] ? (
                  <MergedNote of={merged[row.id]!} />
                ) : may('restore', row) ? (
                  <Button size='small' loading={restore.isPending && restore.variables?.id === row.id} onClick={() => restore.mutate(row)}>
                    {t('customers.restore')}
                  </Button>
                ) : null}
                {may('erase', row) ? (
                  <Button size='small' danger onClick={() => setErasing(row)}>
                    {t('trash.erase')}
                  </Button>
                ) : null}
              </>
            )}
          />
          <BulkBar selection={selection} scope={scope} query={query} total={total} trashed />
          <p className='faint small' style={{ marginTop: 12 }}>
            {t('trash.what')}
          </p>
        </>
      ) : null}
      {erasing ? <EraseDialog record={erasing} name={plainOf(erasing['name']) ?? '—'} onClose={() => setErasing(null)} /> : null}
    </Page>
  )
}
