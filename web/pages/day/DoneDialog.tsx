import { useMutation } from '@tanstack/react-query'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { appointment } from '../../../domain/crm/appointment.ts'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useAppointmentsChanged } from './appointments.ts'

const states = ['done', 'missed'] as const

/** Asks what came of an appointment: done, or nobody there, and in a few words what was done and what is left to do. */
export const DoneDialog = ({ record, name, onClose }: { record: RecordView; name: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const changed = useAppointmentsChanged()
  const [state, setState] = useState<(typeof states)[number]>('done')
  const [note, setNote] = useState('')
  const act = useMutation({
    mutationFn: () =>
      request<RecordView>('POST', `/api/appointments/${record.id}/done`, {
        body: { version: record.version, state, ...(note.trim() ? { note: note.trim() } : {}) },
      }),
    onSuccess: () => {
      changed(String(record['customerId']))
      say(t('appointments.noted'))
      onClose()
    },
    gcTime: 0,
  })
  return (
    <Modal
      open
      title={t('appointments.doneTitle', { name })}
      okText={t('form.save')}
      cancelText={t('cancel')}
      confirmLoading={act.isPending}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {act.isError ? <ErrorNote error={act.error} /> : null}
        <div className='pair' role='radiogroup' aria-label={t('appointments.outcome')}>
          {states.map((one) => (
            <button key={one} type='button' role='radio' aria-checked={state === one} className='option' onClick={() => setState(one)}>
              {t(`appointments.outcomes.${one}`)}
            </button>
          ))}
        </div>
        <Field label={t('appointments.doneNote')} aside={t('consents.optional')}>
          {(ties) => (
            <Input.TextArea
              {...ties}
              autoFocus
              rows={3}
              value={note}
              maxLength={appointment.fields.note.max}
              placeholder={t('appointments.doneHint')}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Modal>
  )
}
