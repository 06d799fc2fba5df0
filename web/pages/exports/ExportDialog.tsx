import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Segmented, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { offeredColumns } from '../../../domain/export/columns.ts'
import { type ExportFormat, exportFormatIds, exportFormats, type ExportPurpose, exportPurposes } from '../../../domain/export/terms.ts'
import type { ExportPreview } from '../../app/contract.ts'
import { useLanguage } from '../../app/preferences.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { watchJob } from '../../app/watchedJobs.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { ColumnPicker } from './ColumnPicker.tsx'
import { PreviewNotes } from './PreviewNotes.tsx'
import './exports.css'

type Chosen = { ids: readonly string[] } | { query: string }

/** What a card of an address book holds; other columns have no place in it. */
const ofCards = ['name', 'phones', 'emails', 'wechatIds', 'addresses', 'tags', 'facts', 'notes']
/** Ticked until somebody chooses: what most lists are for. Notes and facts are asked for, not given along. */
const usual = ['name', 'kind', 'phones', 'addresses', 'storeId', 'ownerId', 'tags', 'source']

/** Asks what for, which columns and which file; says before anything is made what leaves, what is masked, and whether somebody has to agree. */
export const ExportDialog = ({ select, onStarted, onClose }: { select: Chosen; onStarted: () => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const language = useLanguage()
  const navigate = useNavigate()
  const client = useQueryClient()
  const scope = useScope('customer')
  const [purpose, setPurpose] = useState<ExportPurpose | null>(null)
  const [note, setNote] = useState('')
  const [format, setFormat] = useState<ExportFormat>('xlsx')
  const [picked, setPicked] = useState<readonly string[]>(usual)
  const offered = useMemo(() => offeredColumns(scope).filter(({ name }) => format !== 'vcard' || ofCards.includes(name)), [scope, format])
  const fields = offered.map(({ name }) => name).filter((name) => picked.includes(name))
  const ask = (isPreview: boolean, signal?: AbortSignal): Promise<ExportPreview> =>
    request('POST', isPreview ? '/api/exports/preview' : '/api/exports', {
      body: {
        entity: 'customer',
        select,
        fields,
        format,
        // Which purpose makes no difference to what would leave.
        purpose: purpose ?? 'campaign',
        language: language === 'en' ? 'en' : 'zh',
        ...(note.trim() === '' || isPreview ? {} : { note: note.trim() }),
      },
      signal,
    })
  const preview = useQuery({
    queryKey: ['exports', 'preview', select, fields, format],
    queryFn: ({ signal }) => ask(true, signal),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  })
  const plan = preview.data
  const start = useMutation({
    mutationFn: () => ask(false),
    onSuccess: ({ exportId, approval }) => {
      void client.invalidateQueries({ queryKey: ['exports'] })
      onStarted()
      if (approval.needed) {
        say(t('exports.asked'))
        void navigate('/exports')
      } else if (exportId) {
        watchJob(exportId)
        say(t('exports.started'))
      }
    },
    gcTime: 0,
  })
  const noteMissing = purpose === 'other' && note.trim() === ''
  const noOne = plan?.approval.needed === true && plan.approval.others === 0 && !plan.approval.self
  const over = plan !== undefined && (plan.count > plan.quota.rowsLeft || plan.quota.filesLeft < 1)
  const ready = purpose !== null && !noteMissing && plan !== undefined && plan.count > 0 && !over && !noOne && !preview.isError
  return (
    <Modal
      open
      width={620}
      title={plan ? t('exports.title', { count: plan.count }) : t('exports.titleOpen')}
      okText={plan?.approval.needed ? t('exports.ask') : t('exports.start')}
      okButtonProps={{ disabled: !ready }}
      cancelText={t('cancel')}
      confirmLoading={start.isPending}
      onOk={() => start.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {start.isError ? <ErrorNote error={start.error} /> : null}
        <Field label={t('exports.purpose')}>
          {(ties) => (
            <Select
              {...ties}
              autoFocus
              value={purpose}
              placeholder={t('exports.choosePurpose')}
              options={Object.entries(exportPurposes).map(([value, label]) => ({ value, label: labelOf({ label }) }))}
              onChange={(value: ExportPurpose) => setPurpose(value)}
            />
          )}
        </Field>
        {purpose === 'other' || plan?.approval.needed ? (
          <Field label={t('exports.note')} hint={noteMissing ? t('exports.noteNeeded') : t('exports.noteHint')}>
            {(ties) => (
              <Input {...ties} value={note} maxLength={500} autoComplete='off' onChange={(event) => setNote(event.target.value)} />
            )}
          </Field>
        ) : null}
        <div className='field'>
          <span className='label' id='export-format'>
            {t('exports.format')}
          </span>
          <Segmented<ExportFormat>
            aria-labelledby='export-format'
            className='export-formats'
            value={format}
            options={exportFormatIds.map((value) => ({ value, label: t(`exports.formats.${value}`) }))}
            onChange={setFormat}
          />
          <span className='hint'>{t(`exports.locks.${exportFormats[format].lock}`)}</span>
        </div>
        <ColumnPicker offered={offered} chosen={fields} format={format} preview={plan} onChoose={setPicked} />
        {preview.isError ? <ErrorNote error={preview.error} /> : null}
        {plan ? <PreviewNotes plan={plan} isNobody={noOne} isOver={over} /> : preview.isError ? null : <Bones widths={[50, 80]} />}
      </div>
    </Modal>
  )
}
