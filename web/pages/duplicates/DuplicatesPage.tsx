import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Pagination } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../app/request.ts'
import { watchJob } from '../../app/watchedJobs.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { ClusterCard } from './ClusterCard.tsx'
import { clustersOf, type Pairs } from './clusters.ts'
import './duplicates.css'

const pageSize = 50

/** Customers who may have been written down twice: found every night or on demand, merged side by side or told apart. */
export const DuplicatesPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [page, setPage] = useState(1)
  const list = useQuery({
    queryKey: ['duplicates', page],
    queryFn: ({ signal }) => request<Pairs>('GET', `/api/duplicates?pageSize=${pageSize}&page=${page}`, { signal }),
    placeholderData: keepPreviousData,
  })
  const search = useMutation({
    mutationFn: () => request<{ id: string }>('POST', '/api/duplicates/search'),
    onSuccess: ({ id }) => {
      watchJob(id)
      // The corner shows how far it is; what it found comes in by itself.
      const again = setInterval(() => void client.invalidateQueries({ queryKey: ['duplicates'] }), 2_000)
      setTimeout(() => clearInterval(again), 20_000)
    },
    gcTime: 0,
  })
  const total = list.data?.total ?? 0
  const clusters = clustersOf(list.data?.items ?? [])
  const button = (
    <Button loading={search.isPending} onClick={() => search.mutate()}>
      {t('duplicates.search')}
    </Button>
  )
  return (
    <Page title={t('nav.duplicates')} sub={total > 0 ? t('duplicates.count', { count: total }) : ' '} actions={total > 0 ? button : null}>
      {list.isError ? <ErrorNote error={list.error} /> : null}
      {search.isError ? <ErrorNote error={search.error} /> : null}
      {list.isPending ? (
        <div className='card'>
          <Bones />
        </div>
      ) : null}
      {list.data && total === 0 ? (
        <div className='card'>
          <Empty icon='people' title={t('duplicates.none')} actions={button}>
            {t('duplicates.noneAdvice')}
          </Empty>
        </div>
      ) : null}
      <ul className='stack'>
        {clusters.map((cluster) => (
          <ClusterCard key={cluster.key} cluster={cluster} />
        ))}
      </ul>
      {total > pageSize ? (
        <div className='pager'>
          <span />
          <Pagination
            current={page}
            pageSize={pageSize}
            total={total}
            showSizeChanger={false}
            responsive
            showLessItems
            onChange={setPage}
          />
        </div>
      ) : null}
    </Page>
  )
}
