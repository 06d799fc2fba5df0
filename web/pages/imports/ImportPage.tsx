import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { Staged } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { DropFile } from './DropFile.tsx'
import { MappingCard } from './MappingCard.tsx'
import { PreviewCard } from './PreviewCard.tsx'
import { mappingOf, type Target } from './readStaged.ts'
import { RecentImports } from './RecentImports.tsx'

const naming: readonly (Target | null)[] = ['name', 'familyName', 'givenName', 'organisation', 'contact']

const Choices = ({ staged, onAnother }: { staged: Staged; onAnother: () => void }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const navigate = useNavigate()
  const client = useQueryClient()
  const actor = useActor()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const [mapping, setMapping] = useState(() => mappingOf(staged))
  const [storeId, setStoreId] = useState<string | undefined>(actor.storeIds[0])
  const [chosenOwner, setOwnerId] = useState<string | null | undefined>(undefined)
  const [onDuplicate, setOnDuplicate] = useState<'skip' | 'create'>('skip')
  // Where one person does everything, the customers are theirs; else somebody decides.
  const ownerId = chosenOwner === undefined ? (staff.options.length === 1 ? actor.staffId : null) : chosenOwner
  const store = storeId ?? (stores.options.length === 1 ? stores.options[0]?.value : undefined)
  const isTable = staged.columns.length > 0
  const named = !isTable || Object.values(mapping).some((target) => naming.includes(target))
  const start = useMutation({
    mutationFn: () =>
      request('POST', `/api/imports/${staged.id}/start`, {
        body: { mapping, storeId: store, ...(ownerId ? { ownerId } : {}), onDuplicate },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['jobs'] })
      void navigate(`/imports/${staged.id}`)
    },
    gcTime: 0,
  })
  return (
    <div className='stack'>
      <div className='row apart'>
        <span>
          <b>{t('imports.found', { count: staged.rows })}</b>{' '}
          <span className='faint'>{staged.encoding ? t('imports.encoding', { encoding: staged.encoding }) : ''}</span>
        </span>
        <Button type='text' onClick={onAnother}>
          {t('imports.another')}
        </Button>
      </div>
      {isTable ? <MappingCard staged={staged} mapping={mapping} onChange={setMapping} /> : null}
      {staged.preview.length > 0 ? (
        <PreviewCard staged={staged} outdated={JSON.stringify(mapping) !== JSON.stringify(mappingOf(staged))} />
      ) : null}
      <Card title={t('imports.where')}>
        <div className='form-grid'>
          <Field label={labelOf(customer.fields.storeId)} aside={t('form.required')}>
            {(ties) => (
              <Select
                {...ties}
                value={store ?? null}
                options={stores.options}
                placeholder={t('form.choose')}
                onChange={(value: string | null) => setStoreId(value ?? undefined)}
              />
            )}
          </Field>
          <Field label={labelOf(customer.fields.ownerId)} hint={t('imports.ownerHint')}>
            {(ties) => (
              <Select
                {...ties}
                allowClear
                value={ownerId}
                options={staff.options}
                placeholder={t('imports.noOwner')}
                onChange={(value: string | null | undefined) => setOwnerId(value ?? null)}
              />
            )}
          </Field>
          <div className='whole field'>
            <span className='label'>{t('imports.duplicates')}</span>
            <div className='choices' role='radiogroup' aria-label={t('imports.duplicates')}>
              {(['skip', 'create'] as const).map((way) => (
                <button
                  key={way}
                  type='button'
                  role='radio'
                  aria-checked={onDuplicate === way}
                  className='option'
                  onClick={() => setOnDuplicate(way)}
                >
                  <b>{t(`imports.${way}`)}</b>
                  <small>{t(`imports.${way}Hint`)}</small>
                </button>
              ))}
            </div>
          </div>
        </div>
      </Card>
      {start.isError ? <ErrorNote error={start.error} /> : null}
      {named ? null : <Trouble tone='warn' title={t('imports.noName')} />}
      <div className='row'>
        <Button type='primary' size='large' disabled={!store || !named} loading={start.isPending} onClick={() => start.mutate()}>
          {t('imports.start', { count: staged.rows })}
        </Button>
        <span className='faint small'>{t('imports.sealed')}</span>
      </div>
    </div>
  )
}

/** Bringing a customer list in: drop, check the columns, choose where they go, start. */
export const ImportPage = () => {
  const { t } = useTranslation()
  const [staged, setStaged] = useState<Staged | null>(null)
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const kind = /\.(?:vcf|vcard)$/i.test(file.name) || file.type === 'text/vcard' ? 'vcard' : 'csv'
      // The file's own name may be a person's; the server needs none.
      return request<Staged>('POST', `/api/imports?kind=${kind}`, { bytes: file })
    },
    onSuccess: setStaged,
    gcTime: 0,
  })
  return (
    <Page title={t('imports.title')} sub={t('imports.sub')}>
      {staged ? (
        <Choices key={staged.id} staged={staged} onAnother={() => setStaged(null)} />
      ) : (
        <div className='stack'>
          {upload.isError ? <ErrorNote error={upload.error} /> : null}
          <DropFile busy={upload.isPending} onFile={(file) => upload.mutate(file)} />
          <RecentImports />
        </div>
      )}
    </Page>
  )
}
