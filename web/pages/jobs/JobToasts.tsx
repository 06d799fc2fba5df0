import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { isMoving, useJob, useJobAct } from './useJob.ts'
import { useJobWords } from './useJobWords.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { useErrorWords } from '../../ui/Trouble.tsx'
import { unwatchJob, useWatchedJobs, watchJob } from '../../app/watchedJobs.ts'

/** Milliseconds for which a job that has ended stays in the corner: long enough to think of undoing it. */
const shownAfterEnd = 60_000

const JobToast = ({ id }: { id: string }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const errorWords = useErrorWords()
  const { titleOf, outcomeOf } = useJobWords()
  const { data: job } = useJob(id)
  const undo = useJobAct((undoing) => {
    unwatchJob(id)
    watchJob(undoing.id)
  })
  const ended = job !== undefined && !isMoving(job) && job.state !== 'paused'
  useEffect(() => {
    if (!ended) return undefined
    void client.invalidateQueries({ queryKey: ['customers'] })
    const timer = setTimeout(() => unwatchJob(id), shownAfterEnd)
    return () => clearTimeout(timer)
  }, [ended, id, client])
  if (!job) return null
  const refusal = undo.isError ? errorWords(undo.error) : null
  const words = ended ? outcomeOf(job) : t('jobs.doneOf', { done: job.done, total: job.total ?? 0 })
  return (
    <div className='job-toast'>
      <div className='row apart'>
        <b>{titleOf(job)}</b>
        <button type='button' className='chip bare' aria-label={t('close')} onClick={() => unwatchJob(id)}>
          <Icon name='close' size={13} />
        </button>
      </div>
      {ended ? null : <Progress value={job.done} max={job.total} label={titleOf(job)} />}
      <div className='small'>{job.state === 'failed' ? t('jobs.failed') : words}</div>
      {refusal ? (
        <div className='small danger-text'>
          {refusal.title} {refusal.advice}
        </div>
      ) : null}
      <div className='row'>
        {job.undoable ? (
          <button type='button' className='chip' disabled={undo.isPending} onClick={() => undo.mutate({ id, act: 'undo' })}>
            <Icon name='undo' size={14} />
            {t('undo')}
          </button>
        ) : null}
        <Link className='chip' to={job.kind === 'export' ? '/exports' : `/jobs/${id}`}>
          {job.kind === 'export' && job.state === 'done' ? t('jobs.toFile') : t('jobs.look')}
        </Link>
      </div>
    </div>
  )
}

/** The corner in which jobs started here show how far they are. */
export const JobToasts = () => {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  // The page of a job says all of it already.
  const ids = useWatchedJobs().filter((id) => pathname !== `/jobs/${id}`)
  return (
    <section className='job-toasts' aria-label={t('nav.jobs')} aria-live='polite'>
      {ids.map((id) => (
        <JobToast key={id} id={id} />
      ))}
    </section>
  )
}
