import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { emergencyMinutes, type EmergencyReason, emergencyReasons } from '../../../domain/access/emergency.ts'
import { request } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { StorePicker } from '../people/RolePicker.tsx'
import { emergenciesKey } from './emergencies.ts'

/** Asks for an hour in which the contact details of some stores stand open: why, what for, where. */
export const AskDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const labelOf = useLabel()
  const mine = useActor().storeIds
  const [reason, setReason] = useState<EmergencyReason | null>(null)
  const [note, setNote] = useState('')
  const [storeIds, setStoreIds] = useState<string[]>(mine.length === 1 ? [...mine] : [])
  const ask = useMutation({
    mutationFn: () => request('POST', '/api/emergencies', { body: { reason, note: note.trim(), storeIds } }),
    onSuccess: () => {
      say(t('emergencies.sent'))
      onClose()
    },
    onSettled: () => client.invalidateQueries({ queryKey: emergenciesKey }),
    gcTime: 0,
  })
  return (
    <Modal
      open
      title={t('emergencies.ask')}
      okText={t('emergencies.send')}
      okButtonProps={{ disabled: reason === null || note.trim().length < 4 || storeIds.length === 0 }}
      cancelText={t('cancel')}
      confirmLoading={ask.isPending}
      onOk={() => ask.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        <Trouble tone='info' title={t('emergencies.what', { minutes: emergencyMinutes })}>
          {t('emergencies.watched')}
        </Trouble>
        <Field label={t('emergencies.reason')}>
          {(ties) => (
            <Select
              {...ties}
              autoFocus
              value={reason}
              placeholder={t('form.choose')}
              options={(Object.keys(emergencyReasons) as EmergencyReason[]).map((one) => ({
                value: one,
                label: labelOf({ label: emergencyReasons[one] }),
              }))}
              onChange={(chosen: EmergencyReason) => setReason(chosen)}
            />
          )}
        </Field>
        <Field label={t('emergencies.note')} hint={t('emergencies.noteHint')}>
          {(ties) => <Input.TextArea {...ties} rows={3} value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />}
        </Field>
        <StorePicker label={t('emergencies.stores')} value={storeIds} onChange={setStoreIds} />
        {ask.isError ? <ErrorNote error={ask.error} /> : null}
      </div>
    </Modal>
  )
}
