import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { exportPurposes } from '../../../domain/export/terms.ts'
import type { ExportState, ExportStatus } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { request, requestFile } from '../../app/request.ts'
import { saveFile } from '../../app/saveFile.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, useErrorWords } from '../../ui/Trouble.tsx'
import { ApiError } from '../../app/apiError.ts'
import { ShareDialog } from './ShareDialog.tsx'
import { PassphraseDialog } from './PassphraseDialog.tsx'

const tones: Partial<Record<ExportState, string>> = {
  ready: 'ok',
  running: 'accent',
  waiting: 'warn',
  paused: 'warn',
  refused: 'danger',
  failed: 'danger',
}

/** Who decided about it, and why; or from when on one may agree oneself. */
const Decisions = ({ of, onAgree }: { of: ExportStatus; onAgree: () => void }) => {
  const { t } = useTranslation()
  const staff = useDirectory('staff')
  const { approval } = of
  if (!approval) return null
  const mayAgree = of.state === 'waiting' && approval.selfAfter !== null
  return (
    <>
      {approval.decisions.map(({ staffId, verdict, reason }) => (
        <div key={staffId} className='small quiet'>
          {t(verdict === 'refuse' ? 'exports.refusedBy' : staffId === of.staffId ? 'exports.agreedSelf' : 'exports.agreedBy', {
            name: staff.nameOf(staffId) ?? t('unknownName'),
          })}
          {reason ? ` ${t('exports.reason', { text: reason })}` : ''}
        </div>
      ))}
      {mayAgree ? (
        <div className='small quiet row'>
          {t('exports.selfAt', { at: formatInstant(approval.selfAfter) })}
          {approval.selfNow ? (
            <Button size='small' onClick={onAgree}>
              {t('exports.agreeSelf')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </>
  )
}

/** Why there is no file, in words. */
const useEnd = (): ((of: ExportStatus) => string) => {
  const { t } = useTranslation()
  const words = useErrorWords()
  return ({ state, problem }) => {
    if (state === 'gone') return t(`exports.gone.${problem ?? 'expired'}` as 'exports.gone.expired', { defaultValue: '' })
    if ((state !== 'failed' && state !== 'cancelled') || problem === null) return ''
    const { title, advice } = words(new ApiError(problem as 'internal', 0, null))
    return `${title} ${advice}`
  }
}

/** One of one's exports: how it stands, its file, its passphrase once, and the way back. */
export const ExportItem = ({ of }: { of: ExportStatus }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const client = useQueryClient()
  const endOf = useEnd()
  const [passphrase, setPassphrase] = useState<string | null>(null)
  const [sharing, setSharing] = useState(false)
  const refresh = () => void client.invalidateQueries({ queryKey: ['exports'] })
  const act = useMutation({
    mutationFn: async (what: 'download' | 'show' | 'recall' | 'agree') => {
      if (what === 'download') saveFile(await requestFile(`/api/exports/${of.id}/file`), of.fileName)
      else if (what === 'show')
        setPassphrase((await request<{ passphrase: string }>('POST', `/api/exports/${of.id}/passphrase`)).passphrase)
      else if (what === 'agree') await request('POST', `/api/approvals/${of.approval?.id}`, { body: { verdict: 'approve' } })
      else {
        await request('POST', `/api/exports/${of.id}/recall`)
        say(t('exports.recalled'))
      }
    },
    onSettled: refresh,
    gcTime: 0,
  })
  const busy = (what: typeof act.variables): boolean => act.isPending && act.variables === what
  const going = ['waiting', 'queued', 'running', 'paused', 'ready'].includes(of.state)
  const end = endOf(of)
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{labelOf({ label: exportPurposes[of.purpose] })}</b>
          <span className='tag' data-tone={tones[of.state]}>
            {t(`exports.states.${of.state}`)}
          </span>
        </div>
        <div className='small quiet'>
          {formatInstant(of.askedAt)} · {t('exports.rows', { count: of.state === 'ready' || of.state === 'gone' ? of.exported : of.rows })}{' '}
          · {t('exports.fields', { count: of.fields.length })} · {t(`exports.formats.${of.format}`)}
        </div>
        {of.state === 'running' ? <Progress value={of.done} max={of.rows} label={t('exports.states.running')} /> : null}
        {of.state === 'ready' ? (
          <div className='small faint'>
            {t('exports.until', { at: formatInstant(of.expiresAt) })} · {t('exports.left', { count: of.downloadsLeft })}
            {of.hasPassphrase ? '' : ` · ${t('exports.passphraseShown')}`}
          </div>
        ) : null}
        <Decisions of={of} onAgree={() => act.mutate('agree')} />
        {end ? <div className='small quiet'>{end}</div> : null}
        {act.isError ? <ErrorNote error={act.error} /> : null}
      </div>
      <div className='row'>
        {of.state === 'ready' ? (
          <>
            <Button
              size='small'
              type='primary'
              icon={<Icon name='download' size={15} />}
              disabled={of.downloadsLeft === 0}
              loading={busy('download')}
              onClick={() => act.mutate('download')}
            >
              {t('exports.download')}
            </Button>
            {of.hasPassphrase ? (
              <Button size='small' icon={<Icon name='key' size={15} />} loading={busy('show')} onClick={() => act.mutate('show')}>
                {t('exports.showPassphrase')}
              </Button>
            ) : null}
            <Button size='small' onClick={() => setSharing(true)}>
              {t('shares.menu')}
            </Button>
          </>
        ) : null}
        {going ? (
          <Popconfirm
            title={t('exports.recallAsk')}
            description={<span className='popconfirm-text'>{t('exports.recallWhat')}</span>}
            okText={t('exports.recall')}
            cancelText={t('cancel')}
            okButtonProps={{ danger: true }}
            onConfirm={() => act.mutate('recall')}
          >
            <Button size='small' loading={busy('recall')}>
              {t('exports.recall')}
            </Button>
          </Popconfirm>
        ) : null}
      </div>
      {sharing ? <ShareDialog target={{ kind: 'export', id: of.id }} onClose={() => setSharing(false)} /> : null}
      {passphrase ? <PassphraseDialog passphrase={passphrase} of={of} onClose={() => setPassphrase(null)} /> : null}
    </li>
  )
}
