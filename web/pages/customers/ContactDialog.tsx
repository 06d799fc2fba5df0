import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contact } from '../../../domain/crm/contact.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { EntityForm } from '../../catalogue/EntityForm.tsx'
import { RecordEditor } from '../../catalogue/RecordEditor.tsx'
import { say } from '../../ui/toast.tsx'

type ContactDialogProps = { customer: RecordView; record: RecordView | null; onClose: () => void }

/** Adds a person to a household or organisation, or changes what is known of one. */
export const ContactDialog = ({ customer, record, onClose }: ContactDialogProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const scope = useScope('contact')
  const [dirty, setDirty] = useState(false)
  const [asking, setAsking] = useState(false)
  const may = (name: string, right: 'write' | 'reveal'): boolean =>
    satisfies(scope.fields[name]?.[right] ?? { kind: 'none' }, customer as unknown as RuleRow)
  const stored = (stay: boolean): void => {
    void client.invalidateQueries({ queryKey: ['customers', customer.id, 'contacts'] })
    say(t(record ? 'customers.saved' : 'contacts.added'))
    if (!stay) onClose()
  }
  const add = useMutation({
    mutationFn: (body: Record<string, unknown>) => request<RecordView>('POST', `/api/customers/${customer.id}/contacts`, { body }),
    onSuccess: () => stored(false),
    gcTime: 0,
  })
  const leave = () => (dirty ? setAsking(true) : onClose())
  const form = {
    entity: contact,
    path: 'contacts',
    mayWrite: (name: string) => name !== 'customerId' && may(name, 'write'),
    mayReveal: may('phones', 'reveal'),
    onDirty: setDirty,
    onCancel: leave,
  }
  return (
    <Modal
      open
      width={620}
      title={t(record ? 'contacts.edit' : 'contacts.new')}
      footer={null}
      mask={{ closable: false }}
      onCancel={leave}
      className='form-dialog'
    >
      {record ? (
        <RecordEditor {...form} record={record} onSaved={(_changed, stay) => stored(stay)} />
      ) : (
        <EntityForm
          {...form}
          record={null}
          defaults={{ customerId: customer.id }}
          saving={add.isPending}
          error={add.error}
          onSave={(value) =>
            add.mutateAsync(value).then(
              () => true,
              () => false,
            )
          }
        />
      )}
      <Modal
        open={asking}
        width={420}
        title={t('unsaved.title')}
        okText={t('unsaved.stay')}
        cancelText={t('unsaved.leave')}
        cancelButtonProps={{ danger: true, onClick: onClose }}
        onOk={() => setAsking(false)}
        onCancel={() => setAsking(false)}
      >
        {t('unsaved.what')}
      </Modal>
    </Modal>
  )
}
