import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BulkKind } from '../../../../domain/crm/bulkChange.ts'
import type { BulkAnswer } from '../../../app/contract.ts'
import { useDirectory } from '../../../app/directory.ts'
import { request } from '../../../app/request.ts'
import { watchJob } from '../../../app/watchedJobs.ts'
import { Bones } from '../../../ui/Bones.tsx'
import { Field } from '../../../ui/Field.tsx'
import { ErrorNote, Trouble } from '../../../ui/Trouble.tsx'
import { useWhy } from '../../../app/useWhy.ts'

type Chosen = { ids: readonly string[] } | { query: string }

type BulkDialogProps = { kind: BulkKind; select: Chosen; onStarted: () => void; onClose: () => void }

const ask = (select: Chosen, kind: BulkKind, value: string, dryRun: boolean, signal?: AbortSignal): Promise<BulkAnswer> =>
  request('POST', '/api/customers/bulk', {
    body: { select, change: value === '' ? { kind } : { kind, value }, dryRun },
    signal,
  })

const isTag = (kind: BulkKind): boolean => kind === 'tag' || kind === 'untag'

/** What the change would do: how many, whom for example, and how many stay and why. */
const Preview = ({ preview }: { preview: BulkAnswer }) => {
  const { t } = useTranslation()
  const why = useWhy()
  const count = preview.count ?? 0
  const more = count - preview.sample.length
  const reasons = Object.entries(preview.refused?.reasons ?? {})
  return (
    <div className='stack tight'>
      <p>
        <b>{t('bulk.willChange', { count })}</b>
      </p>
      {preview.sample.length > 0 ? (
        <p className='quiet'>
          {preview.sample.map(({ name }) => name).join(t('bulk.comma'))}
          {more > 0 ? ` ${t('bulk.andMore', { count: more })}` : ''}
        </p>
      ) : null}
      {reasons.length > 0 ? (
        <Trouble tone='info' title={t('bulk.willStay', { count: preview.refused?.count ?? 0 })}>
          <ul>
            {reasons.map(([code, n]) => (
              <li key={code}>{t('bulk.because', { why: why(code), count: n })}</li>
            ))}
          </ul>
        </Trouble>
      ) : null}
    </div>
  )
}

/** Asks for what the change needs, shows what it would do, and starts it. */
export const BulkDialog = ({ kind, select, onStarted, onClose }: BulkDialogProps) => {
  const { t } = useTranslation()
  const [value, setValue] = useState('')
  const staff = useDirectory('staff')
  const stores = useDirectory('store')
  const choices = kind === 'owner' ? staff.options : kind === 'store' ? stores.options : null
  const ready = (choices === null && !isTag(kind)) || value.trim() !== ''
  const preview = useQuery({
    // Which tag makes no difference to whom it may be put on: it is not asked again with each letter.
    queryKey: ['bulk', select, kind, isTag(kind) || value],
    queryFn: ({ signal }) => ask(select, kind, value.trim(), true, signal),
    enabled: ready,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  })
  const start = useMutation({
    mutationFn: () => ask(select, kind, value.trim(), false),
    onSuccess: ({ jobId }) => {
      if (jobId) watchJob(jobId)
      onStarted()
    },
    gcTime: 0,
  })
  const count = preview.data?.count ?? 0
  return (
    <Modal
      open
      title={t(`bulk.titles.${kind}`)}
      okText={ready && preview.data ? t('bulk.start', { count }) : t('bulk.startSome')}
      okButtonProps={{ danger: kind === 'trash', disabled: !ready || count === 0 || preview.isError }}
      cancelText={t('cancel')}
      confirmLoading={start.isPending}
      onOk={() => start.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {start.isError ? <ErrorNote error={start.error} /> : null}
        {isTag(kind) ? (
          <Field label={t('bulk.tag')} hint={kind === 'untag' ? t('bulk.untagHint') : t('bulk.tagHint')}>
            {(ties) => (
              <Input
                {...ties}
                autoFocus
                value={value}
                maxLength={30}
                autoComplete='off'
                onChange={(event) => setValue(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        {choices ? (
          <Field
            label={t(kind === 'owner' ? 'bulk.newOwner' : 'bulk.newStore')}
            hint={t(kind === 'owner' ? 'bulk.ownerHint' : 'bulk.storeHint')}
          >
            {(ties) => (
              <Select
                {...ties}
                autoFocus
                showSearch={choices.length > 6 ? { optionFilterProp: 'label' } : false}
                value={value || null}
                options={choices}
                placeholder={t('form.choose')}
                onChange={(chosen: string) => setValue(chosen)}
              />
            )}
          </Field>
        ) : (
          <p className='quiet'>{isTag(kind) ? null : t(`bulk.what.${kind as 'pool' | 'trash' | 'restore'}`)}</p>
        )}
        {preview.isError ? <ErrorNote error={preview.error} /> : null}
        {ready && preview.data ? <Preview preview={preview.data} /> : null}
        {ready && preview.isLoading ? <Bones widths={[50, 80]} /> : null}
        <p className='faint small'>{t('bulk.undoable')}</p>
      </div>
    </Modal>
  )
}
