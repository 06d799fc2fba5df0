import { Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Job } from '../../app/contract.ts'
import { watchJob } from '../../app/watchedJobs.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useJobWords } from './useJobWords.ts'
import { useJobAct } from './useJob.ts'

/** What the reader may do with a job now. Stopping for good and undoing ask first. */
export const JobButtons = ({ job }: { job: Job }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { titleOf } = useJobWords()
  const act = useJobAct((answer, done) => {
    if (done !== 'undo') return
    watchJob(answer.id)
    void navigate(`/jobs/${answer.id}`)
  })
  const busy = (name: string): boolean => act.isPending && act.variables?.act === name
  return (
    <>
      <span className='row'>
        {job.pausable ? (
          <Button size='small' loading={busy('pause')} onClick={() => act.mutate({ id: job.id, act: 'pause' })}>
            {t('jobs.pause')}
          </Button>
        ) : null}
        {job.resumable ? (
          <Button size='small' type='primary' loading={busy('resume')} onClick={() => act.mutate({ id: job.id, act: 'resume' })}>
            {t('jobs.resume')}
          </Button>
        ) : null}
        {job.cancellable ? (
          <Popconfirm
            title={t('jobs.cancelAsk', { what: titleOf(job) })}
            description={t('jobs.cancelWhat')}
            okText={t('jobs.cancel')}
            cancelText={t('cancel')}
            okButtonProps={{ danger: true }}
            onConfirm={() => act.mutate({ id: job.id, act: 'cancel' })}
          >
            <Button size='small' danger loading={busy('cancel')}>
              {t('jobs.cancel')}
            </Button>
          </Popconfirm>
        ) : null}
        {job.undoable ? (
          <Popconfirm
            title={t('jobs.undoAsk', { what: titleOf(job) })}
            description={<span className='popconfirm-text'>{t('jobs.undoWhat')}</span>}
            okText={t('undo')}
            cancelText={t('cancel')}
            onConfirm={() => act.mutate({ id: job.id, act: 'undo' })}
          >
            <Button size='small' loading={busy('undo')}>
              {t('undo')}
            </Button>
          </Popconfirm>
        ) : null}
      </span>
      {act.isError ? <ErrorNote error={act.error} /> : null}
    </>
  )
}
