import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Job, Page as ListPage } from '../app/contract.ts'
import { useDirectory } from '../app/directory.ts'
import { request } from '../app/request.ts'
import { useDuty } from '../app/session.ts'
import { Bones } from '../ui/Bones.tsx'
import { Empty } from '../ui/Empty.tsx'
import { formatInstant } from '../ui/formatTime.ts'
import { Page } from '../ui/Page.tsx'
import { Progress } from '../ui/Progress.tsx'
import { ErrorNote, Trouble } from '../ui/Trouble.tsx'

const tones: Partial<Record<Job['state'], string>> = { done: 'ok', failed: 'danger', running: 'accent', paused: 'warn' }

const SweepNote = ({ job, differing }: { job: Job; differing: number }) => {
  const { t } = useTranslation()
  if (differing > 0) return <Trouble title={t('jobs.differing', { count: differing })} />
  return job.state === 'done' ? <span className='small quiet'>{t('jobs.asWritten')}</span> : null
}

const JobCard = ({ job, mayCancel, onCancel, cancelling }: { job: Job; mayCancel: boolean; onCancel: () => void; cancelling: boolean }) => {
  const { t } = useTranslation()
  const staff = useDirectory('staff')
  // A rotation half done has two epochs in use: it goes on, and is not offered to be stopped.
  const open =
    mayCancel && ['staged', 'queued', 'running', 'paused'].includes(job.state) && job.kind !== 'rotateEpoch' && job.kind !== 'reindexExact'
  const title = t(`jobKinds.${job.kind}` as 'jobKinds.import', { defaultValue: job.kind })
  return (
    <li className='card stack tight'>
      <div className='row apart'>
        <span>
          <b>{job.kind.startsWith('import') ? <Link to={`/imports/${job.id}`}>{title}</Link> : title}</b>{' '}
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
        <span className='small quiet'>{t('imports.doneOf', { done: job.done, total: job.total?.toLocaleString() ?? '…' })}</span>
        {open ? (
          <Button size='small' loading={cancelling} onClick={onCancel}>
            {t('jobs.cancel')}
          </Button>
        ) : null}
      </div>
    </li>
  )
}

/** Background work: what runs, how far it is, and what it came to. */
export const JobsPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const mayManage = useDuty('keys.manage')
  const { data, error } = useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => request<ListPage<Job> | Job[]>('GET', '/api/jobs', { signal }),
    refetchInterval: ({ state }) => {
      const jobs = Array.isArray(state.data) ? state.data : (state.data?.items ?? [])
      return jobs.some((job) => job.state === 'running' || job.state === 'queued') ? 1_500 : 15_000
    },
  })
  const cancel = useMutation({
    mutationFn: (id: string) => request('POST', `/api/jobs/${id}/cancel`),
    onSettled: () => void client.invalidateQueries({ queryKey: ['jobs'] }),
  })
  const jobs = Array.isArray(data) ? data : data?.items
  return (
    <Page title={t('nav.jobs')} sub={t('jobs.sub')}>
      {error ? <ErrorNote error={error} /> : null}
      {cancel.isError ? <ErrorNote error={cancel.error} /> : null}
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
          <JobCard
            key={job.id}
            job={job}
            mayCancel={mayManage}
            onCancel={() => cancel.mutate(job.id)}
            cancelling={cancel.isPending && cancel.variables === job.id}
          />
        ))}
      </ul>
    </Page>
  )
}
