import { useMutation } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Ground, grounds } from '../../../domain/privacy/grounds.ts'
import type { Certificate, RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatDay, formatInstant } from '../../ui/formatTime.ts'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { CertificateButtons } from './CertificateButtons.tsx'

type EraseRecordDialogProps = {
  path: string
  record: RecordView
  name: string
  /** What the button says that leaves the certificate. */
  leave: string
  onErased: () => void
  onClose: () => void
}

/** Erases a person by destroying their key: typed confirmation, then the certificate with the date by which it is complete everywhere. */
export const EraseRecordDialog = ({ path, record, name, leave, onErased, onClose }: EraseRecordDialogProps) => {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [ground, setGround] = useState<Ground>('request')
  const labelOf = useLabel()
  const mayFetch = useDuty('audit.read')
  const act = useMutation({
    mutationFn: () =>
      request<Certificate>('POST', `/api/${path}/${record.id}/erase`, {
        body: { version: record.version, ground, reason: reason.trim() },
      }),
    gcTime: 0,
  })
  if (act.data) {
    return (
      <Modal
        open
        title={t('erase.done')}
        okText={leave}
        onOk={onErased}
        onCancel={onErased}
        cancelButtonProps={{ style: { display: 'none' } }}
      >
        <dl className='facts' style={{ margin: '8px 0 14px' }}>
          <dt>{t('erase.subject')}</dt>
          <dd className='mono'>{act.data.subject}</dd>
          <dt>{t('erase.erasedAt')}</dt>
          <dd>{formatInstant(act.data.erasedAt)}</dd>
          <dt>{t('erase.completeBy')}</dt>
          <dd>
            <b>{formatDay(act.data.completeBy)}</b>
          </dd>
        </dl>
        <p className='quiet'>{t('erase.certificate')}</p>
        {mayFetch ? (
          <>
            <div style={{ margin: '14px 0 8px' }}>
              <CertificateButtons subject={act.data.subject} />
            </div>
            <p className='faint small'>{t('erase.keep')}</p>
          </>
        ) : null}
      </Modal>
    )
  }
  return (
    <Modal
      open
      title={t('erase.title')}
      okText={t('erase.act')}
      okButtonProps={{ danger: true, disabled: typed.trim() !== name || reason.trim() === '' }}
      cancelText={t('cancel')}
      confirmLoading={act.isPending}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        <Trouble tone='warn' title={t('erase.warning')}>
          {t('erase.what')}
        </Trouble>
        {act.isError ? <ErrorNote error={act.error} /> : null}
        <Field label={t('erase.ground')}>
          {(ties) => (
            <Select
              {...ties}
              value={ground}
              options={Object.entries(grounds).map(([value, label]) => ({ value: value as Ground, label: labelOf({ label }) }))}
              onChange={setGround}
            />
          )}
        </Field>
        <Field label={t('erase.reason')} hint={t('erase.reasonHint')}>
          {(ties) => <Input {...ties} value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />}
        </Field>
        <Field label={t('erase.type', { name })}>
          {(ties) => <Input {...ties} value={typed} autoComplete='off' onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      </div>
    </Modal>
  )
}
