import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { backupDueDays } from '../../../domain/continuity/backupDue.ts'
import type { Job } from '../../app/contract.ts'
import { useKeysStatus } from '../../app/health.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { formatDay, formatInstant } from '../../ui/formatTime.ts'
import { Progress } from '../../ui/Progress.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { kitProven } from '../keys/keysStatus.ts'
import { type BackupsStatus, formatSize } from './backupsStatus.ts'

/** Why a backup would not help today, worst first: what to do about it. */
const Warnings = ({ backups }: { backups: BackupsStatus }) => {
  const { t } = useTranslation()
  const keys = useKeysStatus()
  const { last, problem, sameDisk, failed, running } = backups
  const failedLast = failed && !running && (last === null || failed.at > last.at)
  return (
    <>
      {failedLast ? (
        <Trouble title={t('backups.failed', { at: formatInstant(failed.at) })}>{t('errors.backup_failed.advice')}</Trouble>
      ) : null}
      {backups.due ? (
        <Trouble tone='warn' title={last ? t('backups.old', { day: formatDay(last.at) }) : t('backups.never')}>
          {t('backups.dueAdvice', { days: backupDueDays })}
        </Trouble>
      ) : null}
      {keys.data && kitProven(keys.data) === null ? (
        <Trouble tone='warn' title={t('guard.kitUnproven')}>
          {t('backups.unproven')}{' '}
          <Link to='/keys' style={{ textDecoration: 'underline' }}>
            {t('guard.proveNow')}
          </Link>
        </Trouble>
      ) : null}
      {problem === 'unreachable' ? (
        <Trouble title={t('backups.unreachable', { folder: backups.folder })}>{t('backups.unreachableAdvice')}</Trouble>
      ) : null}
      {sameDisk ? (
        <Trouble tone='warn' title={t('backups.sameDisk')}>
          {t('backups.sameDiskAdvice')}
        </Trouble>
      ) : null}
    </>
  )
}

const Running = ({ id }: { id: string }) => {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => request<Job>('GET', `/api/jobs/${id}`, { signal }),
    refetchInterval: 1_000,
  })
  return (
    <div className='stack tight' role='status'>
      <div className='row apart small'>
        <span>{t('backups.running')}</span>
        <Link to='/jobs'>{t('nav.jobs')}</Link>
      </div>
      <Progress value={data?.done ?? 0} max={data?.total ?? null} label={t('backups.running')} />
    </div>
  )
}

/** The last backup: when, how big, where; what is wrong with it; and taking one now. */
export const LastBackup = ({ backups }: { backups: BackupsStatus }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const mayBackUp = useDuty('backup.manage')
  const { last, folder, problem, running } = backups
  const start = useMutation({
    mutationFn: () => request('POST', '/api/backups'),
    onSuccess: () => {
      say(t('backups.started'))
      void client.invalidateQueries({ queryKey: ['backups'] })
    },
    gcTime: 0,
  })
  return (
    <Card title={t('backups.last')} aside={last ? t('backups.sealed') : undefined}>
      <div className='stack'>
        <Warnings backups={backups} />
        {last ? (
          <dl className='facts'>
            <dt>{t('backups.when')}</dt>
            <dd>{formatInstant(last.at)}</dd>
            <dt>{t('backups.size')}</dt>
            <dd>{formatSize(last.bytes)}</dd>
            <dt>{t('backups.where')}</dt>
            <dd className='mono breaks'>
              {last.folder}/{last.name}
            </dd>
          </dl>
        ) : null}
        {start.isError ? <ErrorNote error={start.error} /> : null}
        {running ? <Running id={running} /> : null}
        {problem === 'not_configured' ? (
          <Trouble tone='info' title={t('backups.notConfigured')}>
            <p>{t('backups.notConfiguredAdvice')}</p>
            <code className='command'>ANECHOIC_BACKUPS=/mnt/backup npm start</code>
            <p>{t('backups.orCommand')}</p>
            <code className='command'>npm run -s anechoic -- backup create --to /mnt/backup</code>
          </Trouble>
        ) : mayBackUp ? (
          <div className='row'>
            <Button type='primary' loading={start.isPending} disabled={running !== null || problem !== null} onClick={() => start.mutate()}>
              {t('backups.act')}
            </Button>
            <span className='small faint breaks'>{t('backups.goesTo', { folder })}</span>
          </div>
        ) : null}
      </div>
    </Card>
  )
}
