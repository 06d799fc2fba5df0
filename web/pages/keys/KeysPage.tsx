import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Job, Page as ListPage } from '../../app/contract.ts'
import { useKeysStatus } from '../../app/health.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatDay, formatInstant } from '../../ui/formatTime.ts'
import { Page } from '../../ui/Page.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { ProveShares } from '../setup/ProveShares.tsx'
import { type KeysStatus, kitProven } from './keysStatus.ts'

const KitCard = ({ keys, mayManage }: { keys: KeysStatus; mayManage: boolean }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [proving, setProving] = useState(false)
  const proven = kitProven(keys)
  const threshold = keys.kit?.threshold ?? 2
  return (
    <Card title={t('keys.kit')} aside={<span className='mono'>{keys.kit?.kitId ?? ''}</span>}>
      {keys.kit ? (
        <div className='stack'>
          {proven ? (
            <Trouble tone='info' title={t('keys.provenOn', { day: formatDay(proven) })}>
              {t('keys.provenAdvice')}
            </Trouble>
          ) : (
            <Trouble tone='warn' title={t('keys.unproven')}>
              {t('keys.unprovenAdvice')}
            </Trouble>
          )}
          {keys.kit.shares === null ? null : <p className='quiet'>{t('kit.of', { threshold, shares: keys.kit.shares })}</p>}
          {mayManage ? (
            proving ? (
              <ProveShares
                threshold={threshold}
                onBack={() => setProving(false)}
                onProven={() => {
                  setProving(false)
                  say(t('keys.nowProven'))
                  void client.invalidateQueries({ queryKey: ['keys'] })
                }}
              />
            ) : (
              <div className='row'>
                <Button type={proven ? 'default' : 'primary'} onClick={() => setProving(true)}>
                  {t('keys.prove')}
                </Button>
              </div>
            )
          ) : null}
        </div>
      ) : (
        <Trouble title={t('keys.noKit')}>{t('keys.noKitAdvice')}</Trouble>
      )}
    </Card>
  )
}

type Act = 'rotate' | 'reindex' | 'reseal1' | 'reseal2' | 'verify'

const ActsCard = ({ keys }: { keys: KeysStatus }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Act | null>(null)
  const jobs = useQuery({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => request<ListPage<Job> | Job[]>('GET', '/api/jobs', { signal }),
    refetchInterval: 2_000,
  })
  const list = Array.isArray(jobs.data) ? jobs.data : (jobs.data?.items ?? [])
  const running = list.filter((job) => !job.kind.startsWith('import') && (job.state === 'running' || job.state === 'queued'))
  // A check only reads: it goes on beside a change of keys, not beside another check.
  const isTaken = (which: Act): boolean => running.some((job) => (job.kind === 'verify') === (which === 'verify'))
  const act = useMutation({
    mutationFn: (which: Act) =>
      which === 'reseal1' || which === 'reseal2'
        ? request('POST', '/api/keys/reseal', { body: { suite: which === 'reseal1' ? 1 : 2 } })
        : request('POST', `/api/keys/${which}`),
    onSuccess: () => {
      setAsked(null)
      say(t('keys.started'))
      void client.invalidateQueries({ queryKey: ['jobs'] })
      void client.invalidateQueries({ queryKey: ['keys'] })
    },
    gcTime: 0,
  })
  const offers: Act[] = ['rotate', 'reindex', keys.suite === 2 ? 'reseal1' : 'reseal2', 'verify']
  return (
    <Card title={t('keys.acts')}>
      <div className='stack'>
        {offers.map((which) => (
          <div key={which} className='row apart' style={{ flexWrap: 'nowrap' }}>
            <div>
              <h3>{t(`keys.${which}.title`)}</h3>
              <p className='quiet small'>{t(`keys.${which}.what`)}</p>
            </div>
            <Button disabled={isTaken(which)} onClick={() => setAsked(which)}>
              {t(`keys.${which}.act`)}
            </Button>
          </div>
        ))}
        {running.map((job) => (
          <div key={job.id} className='stack tight'>
            <div className='row apart small'>
              <Link to='/jobs'>{t(`jobKinds.${job.kind}` as 'jobKinds.import', { defaultValue: job.kind })}</Link>
              <span className='faint'>{t('imports.doneOf', { done: job.done, total: job.total?.toLocaleString() ?? '…' })}</span>
            </div>
            <Progress value={job.done} max={job.total} label={job.kind} />
          </div>
        ))}
      </div>
      <Modal
        open={asked !== null}
        title={asked ? t(`keys.${asked}.title`) : ''}
        okText={asked ? t(`keys.${asked}.act`) : ''}
        cancelText={t('cancel')}
        confirmLoading={act.isPending}
        onOk={() => asked && act.mutate(asked)}
        onCancel={() => {
          setAsked(null)
          act.reset()
        }}
        width={460}
      >
        <p style={{ marginBottom: 10 }}>{asked ? t(`keys.${asked}.confirm`) : ''}</p>
        {act.isError ? <ErrorNote error={act.error} /> : null}
      </Modal>
    </Card>
  )
}

const EpochsCard = ({ keys }: { keys: KeysStatus }) => {
  const { t } = useTranslation()
  return (
    <Card title={t('keys.epochs')} aside={t('keys.epochsAside')}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <div className='scroll-x' tabIndex={0} role='group' aria-label={t('keys.epochs')}>
        <table className='sheet-table'>
          <thead>
            <tr>
              <th scope='col'>{t('keys.epoch')}</th>
              <th scope='col'>{t('keys.since')}</th>
              <th scope='col'>{t('keys.state')}</th>
              <th scope='col' className='num'>
                {t('keys.subjects')}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.epochs.toReversed().map((epoch) => (
              <tr key={epoch.epoch}>
                <td className='mono'>{epoch.epoch}</td>
                <td>{formatInstant(epoch.createdAt)}</td>
                <td>
                  <span className='tag' data-tone={epoch.current ? 'ok' : undefined}>
                    {t(`epochStates.${epoch.state}` as 'epochStates.current', { defaultValue: epoch.state })}
                  </span>
                </td>
                <td className='num'>{epoch.subjects.toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

/** Keys and recovery: which keys protect whom, where the root key comes from, whether the paper kit works, and turning keys over. */
export const KeysPage = () => {
  const { t } = useTranslation()
  const mayManage = useDuty('keys.manage')
  const { data, error } = useKeysStatus()
  return (
    <Page title={t('nav.keys')} sub={t('keys.sub')}>
      {error ? <ErrorNote error={error} /> : null}
      {data ? (
        <div className='two'>
          <div className='stack'>
            <KitCard keys={data} mayManage={mayManage} />
            {mayManage ? <ActsCard keys={data} /> : null}
          </div>
          <div className='stack'>
            <Card title={t('keys.root')}>
              <dl className='facts'>
                <dt>{t('keys.provider')}</dt>
                <dd>{t(`providers.${data.provider.kind}` as 'providers.keyFile', { defaultValue: data.provider.kind })}</dd>
                <dt>{t('keys.suite')}</dt>
                <dd>{t(`suites.${data.suite}` as 'suites.1', { defaultValue: String(data.suite) })}</dd>
                <dt>{t('keys.index')}</dt>
                <dd>{t('keys.generation', { count: data.indexGeneration })}</dd>
                <dt>{t('keys.erased')}</dt>
                <dd>{t('keys.people', { count: data.erased })}</dd>
              </dl>
            </Card>
            <EpochsCard keys={data} />
          </div>
        </div>
      ) : error ? null : (
        <div className='card'>
          <Bones />
        </div>
      )}
    </Page>
  )
}
