import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { Bones } from '../../ui/Bones.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { JobCard } from './JobCard.tsx'
import { KeptList } from './KeptList.tsx'
import { useJob } from './useJob.ts'
import { useJobWords } from './useJobWords.ts'

/** One job: its progress, and the customers it left as they were, with the reason for each. */
export const JobPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data: job, error } = useJob(id)
  const { titleOf } = useJobWords()
  return (
    <Page
      title={job ? titleOf(job) : t('nav.jobs')}
      actions={
        <Link className='chip tall' to='/jobs'>
          <Icon name='left' size={14} />
          {t('jobs.all')}
        </Link>
      }
    >
      {error ? <ErrorNote error={error} /> : null}
      {!job && !error ? (
        <div className='card'>
          <Bones />
        </div>
      ) : null}
      {job ? (
        <div className='stack narrow'>
          <JobCard job={job} />
          {job.undoes ? (
            <p className='small'>
              <Link to={`/jobs/${job.undoes}`}>{t('jobs.undoes')}</Link>
            </p>
          ) : null}
          {(job.result?.list?.length ?? 0) > 0 ? <KeptList job={job} /> : null}
        </div>
      ) : null}
    </Page>
  )
}
