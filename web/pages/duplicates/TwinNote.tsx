import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { request } from '../../app/request.ts'
import { Trouble } from '../../ui/Trouble.tsx'
import { clustersOf, type Pairs } from './clusters.ts'
import { MergeDialog } from './MergeDialog.tsx'

/** On a customer's page: that there may be another record of the same person. Nothing where there is none. */
export const TwinNote = ({ id }: { id: string }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [merging, setMerging] = useState(false)
  const { data } = useQuery({
    queryKey: ['duplicates', 'of', id],
    queryFn: ({ signal }) => request<Pairs>('GET', `/api/duplicates?customer=${id}&pageSize=8`, { signal }),
  })
  const cluster = clustersOf(data?.items ?? [])[0]
  if (!cluster) return null
  const others = cluster.customers.filter((twin) => twin.id !== id)
  return (
    <div style={{ marginBottom: 16 }}>
      <Trouble tone='warn' title={t('duplicates.note', { count: others.length, name: others[0]!.name })}>
        <Button size='small' onClick={() => setMerging(true)}>
          {t('duplicates.compare')}
        </Button>
      </Trouble>
      {merging ? (
        <MergeDialog
          ids={cluster.customers.map((twin) => twin.id)}
          onClose={() => setMerging(false)}
          onDone={(into) => {
            setMerging(false)
            if (into !== id) void navigate(`/customers/${into}`)
          }}
        />
      ) : null}
    </div>
  )
}
