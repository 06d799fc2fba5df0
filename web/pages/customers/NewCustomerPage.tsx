import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { RecordView } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { incomingCall } from '../../app/incomingCall.ts'
import { request } from '../../app/request.ts'
import { useActor, useScope } from '../../app/session.ts'
import { EntityForm } from '../../catalogue/EntityForm.tsx'
import { leavingSaved } from '../../catalogue/useUnsavedGuard.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Page } from '../../ui/Page.tsx'
import { say } from '../../ui/toast.tsx'
import { useCustomerForm } from './useCustomerForm.ts'

/** A new customer. */
export const NewCustomerPage = () => {
  const { t } = useTranslation()
  const actor = useActor()
  const scope = useScope('customer')
  const stores = useDirectory('store')
  const navigate = useNavigate()
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (input: Record<string, unknown>) => request<RecordView>('POST', '/api/customers', { body: input }),
    onSuccess: (created) => {
      client.setQueryData(['customers', created.id], created)
      void client.invalidateQueries({ queryKey: ['customers', 'list'] })
      say(t('customers.created'))
      void navigate(`/customers/${created.id}`, { replace: true, state: leavingSaved })
    },
    gcTime: 0,
  })
  const [phone] = useState(incomingCall.forNew)
  useEffect(() => () => incomingCall.keepForNew(null), [])
  const form = useCustomerForm()
  const home = actor.storeIds[0] ?? (stores.options.length === 1 ? stores.options[0]?.value : undefined)
  return (
    <Page title={t('customers.new')}>
      <div className='card narrow'>
        {stores.ready ? (
          <EntityForm
            {...form}
            entity={customer}
            path='customers'
            keep='customers/new'
            record={null}
            defaults={{
              kind: 'household',
              ownerId: actor.staffId,
              ...(home ? { storeId: home } : {}),
              ...(phone ? { phones: [phone], source: 'phone' } : {}),
            }}
            mayWrite={(name) => scope.fields[name]?.write.kind !== 'none'}
            mayReveal={false}
            saving={act.isPending}
            error={act.error}
            onSave={(value) =>
              act.mutateAsync(value).then(
                () => true,
                () => false,
              )
            }
            onCancel={() => void navigate('/customers')}
          />
        ) : (
          <Bones widths={[40, 80, 60, 80]} />
        )}
      </div>
    </Page>
  )
}
