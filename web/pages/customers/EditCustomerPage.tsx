import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { RecordView } from '../../app/contract.ts'
import { useScope } from '../../app/session.ts'
import { RecordEditor } from '../../catalogue/RecordEditor.tsx'
import { leavingSaved } from '../../catalogue/useUnsavedGuard.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Page } from '../../ui/Page.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useCustomer } from './useCustomer.ts'
import { useCustomerForm } from './useCustomerForm.ts'

const Editor = ({ record }: { record: RecordView }) => {
  const { t } = useTranslation()
  const scope = useScope('customer')
  const navigate = useNavigate()
  const client = useQueryClient()
  const form = useCustomerForm()
  const row = record as unknown as RuleRow
  const may = (name: string, right: 'write' | 'reveal'): boolean => satisfies(scope.fields[name]?.[right] ?? { kind: 'none' }, row)
  return (
    <RecordEditor
      {...form}
      entity={customer}
      path='customers'
      keep={`customers/${record.id}`}
      record={record}
      mayWrite={(name) => may(name, 'write')}
      mayReveal={may('phones', 'reveal')}
      onSaved={(changed, stay) => {
        client.setQueryData(['customers', record.id], changed)
        void client.invalidateQueries({ queryKey: ['customers', 'list'] })
        say(t('customers.saved'))
        if (!stay) void navigate(`/customers/${record.id}`, { replace: true, state: leavingSaved })
      }}
      onCancel={() => void navigate(`/customers/${record.id}`)}
    />
  )
}

/** Changing a customer. */
export const EditCustomerPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data, error } = useCustomer(id)
  return (
    <Page
      title={data ? t('customers.edit', { name: plainOf(data['name']) ?? '' }) : t('customers.editing')}
      documentTitle={t('customers.editing')}
    >
      <div className='card narrow'>
        {error ? <ErrorNote error={error} /> : data ? <Editor key={data.id} record={data} /> : <Bones widths={[40, 80, 60, 80]} />}
      </div>
    </Page>
  )
}
