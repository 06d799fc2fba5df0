import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Job, Page } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { formatInstant } from '../../ui/formatTime.ts'

/** Imports started before, so that one that was left can be come back to. */
export const RecentImports = () => {
  const { t } = useTranslation()
  const may = useDuty('jobs.read')
  const { data } = useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => request<Page<Job> | Job[]>('GET', '/api/jobs', { signal }),
    enabled: may,
  })
  const jobs = (Array.isArray(data) ? data : (data?.items ?? []))
    .filter((job) => job.kind === 'import' && job.state !== 'staged')
    .slice(0, 5)
  if (jobs.length === 0) return null
  return (
    <Card title={t('imports.recent')}>
      <ul className='log'>
        {jobs.map((job) => (
          <li key={job.id}>
            <span className='faint small'>{formatInstant(job.createdAt)}</span>
            <Link to={`/imports/${job.id}`}>{t('imports.rows', { count: job.total ?? job.done })}</Link>
            <span className='tag'>{t(`jobStates.${job.state}`)}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
