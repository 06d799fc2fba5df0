import { Link } from 'react-router'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { formatInstant } from '../../ui/formatTime.ts'
import { Progress } from '../../ui/Progress.tsx'
import { Trouble } from '../../ui/Trouble.tsx'
import { JobButtons } from './JobButtons.tsx'
import { useJobWords } from './useJobWords.ts'

const tones: Partial<Record<Job['state'], string>> = { done: 'ok', failed: 'danger', running: 'accent', paused: 'warn' }

const SweepNote = ({ job, differing }: { job: Job; differing: number }) => {
  const { t } = useTranslation()
  if (differing > 0) return <Trouble title={t('jobs.differing', { count: differing })} />
  return job.state === 'done' ? <span className='small quiet'>{t('jobs.asWritten')}</span> : null
}

/** One job: what it is, how far, what it came to, and its buttons. `linked`: its title leads to its own page. */
export const JobCard = ({ job, linked }: { job: Job; linked?: boolean }) => {
  const { t } = useTranslation()
  const staff = useDirectory('staff')
  const { titleOf, outcomeOf } = useJobWords()
  const title = titleOf(job)
  const outcome = outcomeOf(job)
  const path = job.kind === 'import' ? `/imports/${job.id}` : job.kind === 'export' ? '/exports' : `/jobs/${job.id}`
  return (
    <div className='card stack tight'>
      <div className='row apart'>
        <span>
          <b>{linked ? <Link to={path}>{title}</Link> : title}</b>{' '}
          <span className='tag' data-tone={tones[job.state]}>
            {t(`jobStates.${job.state}`)}
          </span>
        </span>
        <span className='faint small'>
          {job.startedBy ? (staff.nameOf(job.startedBy) ?? '') : t('jobs.byItself')} {formatInstant(job.createdAt)}
        </span>
      </div>
      <Progress
        value={job.done}
        max={job.total}
        label={title}
        tone={job.state === 'done' ? 'ok' : job.state === 'failed' ? 'danger' : undefined}
      />
      {job.kind === 'verify' && job.result?.checked !== undefined ? <SweepNote job={job} differing={job.result.differing ?? 0} /> : null}
      <div className='row apart'>
        <span className='small quiet'>
          {outcome === '' || job.state === 'running'
            ? t('jobs.doneOf', { done: job.done.toLocaleString(), total: job.total?.toLocaleString() ?? '…' })
            : outcome}
          {job.undoneBy ? (
            <>
              {' · '}
              <Link to={`/jobs/${job.undoneBy}`}>{t('jobs.wasUndone')}</Link>
            </>
          ) : null}
        </span>
        <JobButtons job={job} />
      </div>
    </div>
  )
}
