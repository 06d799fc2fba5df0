import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Job, Page as ListPage } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { JobCard } from './JobCard.tsx'
import { isMoving } from './useJob.ts'

/** Background work: what runs, how far it is, what it came to, and what can be done about it. */
export const JobsPage = () => {
  const { t } = useTranslation()
  const { data, error } = useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => request<ListPage<Job>>('GET', '/api/jobs', { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isMoving) ? 1_500 : 15_000),
  })
  const jobs = data?.items
  return (
    <Page title={t('nav.jobs')} sub={t('jobs.sub')}>
      {error ? <ErrorNote error={error} /> : null}
      {!jobs && !error ? (
        <div className='card'>
          <Bones />
        </div>
      ) : null}
      {jobs?.length === 0 ? (
        <div className='card'>
          <Empty icon='jobs' title={t('jobs.none')}>
            {t('jobs.noneAdvice')}
          </Empty>
        </div>
      ) : null}
      <ul className='stack narrow'>
        {jobs?.map((job) => (
          <li key={job.id}>
            <JobCard job={job} linked />
          </li>
        ))}
      </ul>
    </Page>
  )
}
