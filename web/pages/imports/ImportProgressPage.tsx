import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import type { ImportJob } from '../../app/contract.ts'
import { request, requestFile } from '../../app/request.ts'
import { saveFile } from '../../app/saveFile.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Page } from '../../ui/Page.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { JobButtons } from '../../pages/jobs/JobButtons.tsx'
import { useJob } from '../../pages/jobs/useJob.ts'

const running = new Set(['queued', 'running', 'paused', 'staged'])

/** An import under way or done: progress that may be left, then what became of each row. */
export const ImportProgressPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const navigate = useNavigate()
  const client = useQueryClient()
  const job = useQuery({
    queryKey: ['imports', id],
    queryFn: ({ signal }) => request<ImportJob>('GET', `/api/imports/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && !running.has(state.data.state) ? false : 1_000),
  })
  // What may be done with it, which is the same for every kind of work.
  const work = useJob(id)
  const download = useMutation({
    mutationFn: async () => saveFile(await requestFile(`/api/imports/${id}/refused`), t('imports.refusedFile')),
    gcTime: 0,
  })
  const data = job.data
  const over = data !== undefined && !running.has(data.state)
  useEffect(() => {
    if (!over) return
    void client.invalidateQueries({ queryKey: ['customers', 'list'] })
    void client.invalidateQueries({ queryKey: ['jobs', id] })
  }, [over, client, id])
  const shown = ['created', 'updated', 'skipped', 'refused'] as const
  const tone = data?.state === 'failed' ? 'danger' : data?.state === 'done' ? 'ok' : undefined
  return (
    <Page
      title={over ? t('imports.result') : t('imports.running')}
      sub={over ? undefined : t('imports.mayLeave')}
      actions={
        over ? (
          <>
            <Button onClick={() => void navigate('/imports')}>{t('imports.another')}</Button>
            <Button type='primary' onClick={() => void navigate('/customers')}>
              {t('imports.toCustomers')}
            </Button>
          </>
        ) : null
      }
    >
      {job.error ? <ErrorNote error={job.error} /> : null}
      {data ? (
        <div className='stack narrow'>
          <Card
            title={t(`jobStates.${data.state}`)}
            aside={t('imports.doneOf', { done: data.done, total: data.total?.toLocaleString() ?? '…' })}
          >
            <div className='stack'>
              <Progress value={data.done} max={data.total} label={t('imports.running')} tone={tone} />
              <dl className='tally'>
                {shown.map((name) => (
                  <div key={name}>
                    <dt>{t(`imports.tally.${name}`)}</dt>
                    <dd>{(data[name] ?? 0).toLocaleString()}</dd>
                  </div>
                ))}
              </dl>
              {data.pooled > 0 ? <p className='small quiet'>{t('imports.pooled', { count: data.pooled })}</p> : null}
              {data.storeUnknown > 0 ? <p className='small quiet'>{t('imports.storeUnknown', { count: data.storeUnknown })}</p> : null}
              {work.data ? <JobButtons job={work.data} /> : null}
            </div>
          </Card>
          {data.refused > 0 && over ? (
            <Trouble tone='warn' title={t('imports.refusedTitle', { count: data.refused })}>
              {t('imports.refusedAdvice')}
              <div className='row' style={{ marginTop: 8 }}>
                <Button loading={download.isPending} onClick={() => download.mutate()}>
                  {t('imports.refusedDownload')}
                </Button>
              </div>
              {download.isError ? <ErrorNote error={download.error} /> : null}
            </Trouble>
          ) : null}
        </div>
      ) : job.error ? null : (
        <div className='card narrow'>
          <Bones />
        </div>
      )}
    </Page>
  )
}
