import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordView } from '../../../app/contract.ts'
import { useDirectory } from '../../../app/directory.ts'
import { request } from '../../../app/request.ts'
import { Field } from '../../../ui/Field.tsx'
import { say } from '../../../ui/toast.tsx'
import { ErrorNote } from '../../../ui/Trouble.tsx'
import { fieldProblems } from '../../../app/apiError.ts'

const nobody = 'nobody'

/** Gives one customer to a colleague, or into the pool, with a word on the timeline for whoever goes on. */
export const HandOverDialog = ({ record, name, onClose }: { record: RecordView; name: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const staff = useDirectory('staff')
  const [to, setTo] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const act = useMutation({
    mutationFn: () =>
      request<RecordView>('POST', `/api/customers/${record.id}/hand-over`, {
        body: { version: record.version, ownerId: to === nobody ? null : to, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['customers'] })
      say(to === nobody ? t('handOver.pooled') : t('handOver.done', { name: staff.nameOf(to) ?? '' }))
      onClose()
    },
    gcTime: 0,
  })
  const elsewhere = fieldProblems(act.error).some(({ problem }) => problem === 'owner_elsewhere')
  const options = [
    ...staff.options.filter(({ value }) => value !== record['ownerId']),
    ...(record['ownerId'] === null ? [] : [{ value: nobody, label: t('handOver.pool') }]),
  ]
  return (
    <Modal
      open
      title={t('handOver.title', { name })}
      okText={t('handOver.act')}
      okButtonProps={{ disabled: to === null }}
      cancelText={t('cancel')}
      confirmLoading={act.isPending}
      onOk={() => act.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        {act.isError && !elsewhere ? <ErrorNote error={act.error} /> : null}
        <Field label={t('bulk.newOwner')} hint={t('handOver.hint')} problem={elsewhere ? t('why.owner_elsewhere') : null}>
          {(ties) => (
            <Select
              {...ties}
              autoFocus
              showSearch={options.length > 6 ? { optionFilterProp: 'label' } : false}
              value={to}
              options={options}
              placeholder={t('form.choose')}
              onChange={(chosen: string) => setTo(chosen)}
            />
          )}
        </Field>
        <Field label={t('handOver.note')} hint={t('handOver.noteHint')}>
          {(ties) => <Input.TextArea {...ties} value={note} maxLength={1_000} rows={3} onChange={(event) => setNote(event.target.value)} />}
        </Field>
      </div>
    </Modal>
  )
}
