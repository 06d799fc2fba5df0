import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { ApiError } from '../../app/apiError.ts'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { ConflictDialog } from '../../catalogue/ConflictDialog.tsx'
import { EntityForm } from '../../catalogue/EntityForm.tsx'
import { leavingSaved } from '../../catalogue/useUnsavedGuard.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Page } from '../../ui/Page.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useCustomer } from './useCustomer.ts'

type Save = { value: Record<string, unknown>; version: number; stay: boolean }

const Editor = ({ record }: { record: RecordView }) => {
  const { t } = useTranslation()
  const scope = useScope('customer')
  const navigate = useNavigate()
  const client = useQueryClient()
  const [version, setVersion] = useState(record.version)
  const [conflict, setConflict] = useState<{ mine: Record<string, unknown>; theirs: RecordView } | null>(null)
  const row = record as unknown as RuleRow
  const may = (name: string, right: 'write' | 'reveal'): boolean => satisfies(scope.fields[name]?.[right] ?? { kind: 'none' }, row)
  const act = useMutation({
    mutationFn: ({ value, version: from }: Save) =>
      request<RecordView>('PATCH', `/api/customers/${record.id}`, { body: { version: from, ...value } }),
    onSuccess: (changed, { stay }) => {
      client.setQueryData(['customers', record.id], changed)
      void client.invalidateQueries({ queryKey: ['customers', 'list'] })
      setVersion(changed.version)
      setConflict(null)
      say(t('customers.saved'))
      if (!stay) void navigate(`/customers/${record.id}`, { replace: true, state: leavingSaved })
    },
    onError: async (error, { value }) => {
      if (!(error instanceof ApiError) || error.code !== 'version_conflict') return
      const theirs = (error.current as RecordView | undefined) ?? (await request<RecordView>('GET', `/api/customers/${record.id}`))
      setConflict({ mine: value, theirs })
    },
    gcTime: 0,
  })
  const isConflict = act.error instanceof ApiError && act.error.code === 'version_conflict'
  return (
    <>
      <EntityForm
        entity={customer}
        path='customers'
        record={record}
        mayWrite={(name) => may(name, 'write')}
        mayReveal={may('phones', 'reveal')}
        saving={act.isPending}
        error={isConflict ? null : act.error}
        onSave={(value, stay) =>
          act.mutateAsync({ value, version, stay }).then(
            () => true,
            () => false,
          )
        }
        onCancel={() => void navigate(`/customers/${record.id}`)}
      />
      {conflict ? (
        <ConflictDialog
          entity={customer}
          mine={conflict.mine}
          theirs={conflict.theirs}
          saving={act.isPending}
          onResolve={(value) => act.mutate({ value, version: conflict.theirs.version, stay: false })}
          onClose={() => setConflict(null)}
        />
      ) : null}
    </>
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
