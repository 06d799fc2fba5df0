import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Field as CatalogueField } from '../../../domain/catalogue/field.ts'
import { consent } from '../../../domain/crm/consent.ts'
import { customer } from '../../../domain/crm/customer.ts'
import { type DuplicateWay, duplicateWays } from '../../../domain/import/mergeImported.ts'
import { ApiError, fieldProblems } from '../../app/apiError.ts'
import type { ImportPreview, Staged } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { request, upload as send } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { DropFile } from './DropFile.tsx'
import { MappingCard } from './MappingCard.tsx'
import { PreviewCard } from './PreviewCard.tsx'
import { ReadingCard } from './ReadingCard.tsx'
import { encodings, mappingOf, type Mapping, type Reading, type Target, uploadLimit } from './readStaged.ts'
import { RecentImports } from './RecentImports.tsx'

const naming: readonly (Target | null)[] = ['name', 'familyName', 'givenName', 'organisation', 'contact']

/** What the first rows become with the columns as they are chosen: as it came with the list, asked for anew after a change. */
const usePreview = (staged: Staged, mapping: Mapping): { shown: ImportPreview; outdated: boolean; error: unknown } => {
  const asRead = JSON.stringify(mapping) === JSON.stringify(mappingOf(staged))
  const { data, isPlaceholderData, isPending, error } = useQuery({
    queryKey: ['imports', staged.id, 'preview', mapping, staged.sheet, staged.headerLine, staged.encoding, staged.delimiter],
    queryFn: ({ signal }) => request<ImportPreview>('POST', `/api/imports/${staged.id}/preview`, { body: { mapping }, signal }),
    enabled: !asRead,
    placeholderData: keepPreviousData,
    // Rows of a list that is not imported yet are kept no longer than they are looked at.
    gcTime: 0,
  })
  return { shown: asRead || !data ? staged : data, outdated: !asRead && (isPlaceholderData || isPending), error: asRead ? null : error }
}

type ChoicesProps = { staged: Staged; onReread: (staged: Staged) => void; onAnother: () => void }

const Choices = ({ staged, onReread, onAnother }: ChoicesProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const navigate = useNavigate()
  const client = useQueryClient()
  const actor = useActor()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const optionsOf = ({ values }: CatalogueField): { value: string; label: string }[] =>
    Object.entries(values ?? {}).map(([value, label]) => ({ value, label: labelOf({ label }) }))
  const [mapping, setMapping] = useState(() => mappingOf(staged))
  const [storeId, setStoreId] = useState<string | undefined>(actor.storeIds[0])
  const [chosenOwner, setOwnerId] = useState<string | null | undefined>(undefined)
  const [onDuplicate, setOnDuplicate] = useState<DuplicateWay>('skip')
  const [source, setSource] = useState<string | null>(null)
  const [basis, setBasis] = useState<string | null>(null)
  const [channels, setChannels] = useState<string[]>([])
  // Where one person does everything, the customers are theirs; else somebody decides.
  const ownerId = chosenOwner === undefined ? (staff.options.length === 1 ? actor.staffId : null) : chosenOwner
  const store = storeId ?? (stores.options.length === 1 ? stores.options[0]?.value : undefined)
  const isTable = staged.columns.length > 0
  const named = !isTable || Object.values(mapping).some((target) => naming.includes(target))
  const preview = usePreview(staged, mapping)
  const reread = useMutation({
    mutationFn: (reading: Reading) => request<Staged>('POST', `/api/imports/${staged.id}/read`, { body: reading }),
    onSuccess: (next) => {
      onReread(next)
      setMapping(mappingOf(next))
    },
    gcTime: 0,
  })
  const start = useMutation({
    mutationFn: () =>
      request('POST', `/api/imports/${staged.id}/start`, {
        body: { mapping, storeId: store, ...(ownerId ? { ownerId } : {}), onDuplicate, source, basis, consentChannels: channels },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['jobs'] })
      void navigate(`/imports/${staged.id}`)
    },
    gcTime: 0,
  })
  const isElsewhere = fieldProblems(start.error).some(({ problem }) => problem === 'owner_elsewhere')
  return (
    <div className='stack'>
      <div className='row apart'>
        <b>{t('imports.found', { count: staged.rows })}</b>
        <Button type='text' onClick={onAnother}>
          {t('imports.another')}
        </Button>
      </div>
      {isTable ? <ReadingCard staged={staged} busy={reread.isPending} onChange={(reading) => reread.mutate(reading)} /> : null}
      {reread.isError ? <ErrorNote error={reread.error} /> : null}
      {isTable ? <MappingCard staged={staged} mapping={mapping} onChange={setMapping} /> : null}
      {preview.error ? <ErrorNote error={preview.error} /> : null}
      {preview.shown.preview.length > 0 ? <PreviewCard preview={preview.shown} rows={staged.rows} outdated={preview.outdated} /> : null}
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
          <Field
            label={labelOf(customer.fields.ownerId)}
            hint={t('imports.ownerHint')}
            problem={isElsewhere ? t('problems.owner_elsewhere') : null}
          >
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
          <Field label={labelOf(customer.fields.source)} hint={t('imports.forRowsWithout')}>
            {(ties) => (
              <Select
                {...ties}
                allowClear
                value={source}
                options={optionsOf(customer.fields.source)}
                placeholder={t('imports.asImport')}
                onChange={(value: string | null | undefined) => setSource(value ?? null)}
              />
            )}
          </Field>
          <Field label={labelOf(customer.fields.basis)} hint={t('imports.basisHint')}>
            {(ties) => (
              <Select
                {...ties}
                allowClear
                value={basis}
                options={optionsOf(customer.fields.basis)}
                placeholder={t('imports.notSaid')}
                onChange={(value: string | null | undefined) => setBasis(value ?? null)}
              />
            )}
          </Field>
          <Field label={t('imports.consent')} hint={t('imports.consentHint')}>
            {(ties) => (
              <Select
                {...ties}
                mode='multiple'
                allowClear
                value={channels}
                options={optionsOf(consent.fields.channel)}
                placeholder={t('imports.noConsent')}
                onChange={(value: string[]) => setChannels(value)}
              />
            )}
          </Field>
          <div className='whole field'>
            <span className='label'>{t('imports.duplicates')}</span>
            <div className='choices' role='radiogroup' aria-label={t('imports.duplicates')}>
              {duplicateWays.map((way) => (
                <button
                  key={way}
                  type='button'
                  role='radio'
                  aria-checked={onDuplicate === way}
                  className='option'
                  onClick={() => setOnDuplicate(way)}
                >
                  <b>{t(`imports.ways.${way}`)}</b>
                  <small>{t(`imports.wayHints.${way}`)}</small>
                </button>
              ))}
            </div>
          </div>
        </div>
      </Card>
      {start.isError && !isElsewhere ? <ErrorNote error={start.error} /> : null}
      {named ? null : <Trouble tone='warn' title={t('imports.noName')} />}
      <div className='row'>
        <Button
          type='primary'
          size='large'
          disabled={!store || !named || reread.isPending}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          {t('imports.start', { count: staged.rows })}
        </Button>
        <span className='faint small'>{t('imports.sealed')}</span>
      </div>
    </div>
  )
}

/** Offered where no encoding fits by itself: the same file again, read as somebody says. */
const ReadAs = ({ onChoose }: { onChoose: (encoding: string) => void }) => {
  const { t } = useTranslation()
  return (
    <Field label={t('imports.readAs')}>
      {(ties) => (
        <Select
          {...ties}
          value={null as string | null}
          placeholder={t('form.choose')}
          options={encodings.map((value) => ({ value: value as string, label: t(`imports.encodings.${value}`) }))}
          onChange={(value) => value !== null && onChoose(value)}
        />
      )}
    </Field>
  )
}

/** Bringing a customer list in: drop, say how it is to be read, check the columns, choose where they go, start. */
export const ImportPage = () => {
  const { t } = useTranslation()
  const [staged, setStaged] = useState<Staged | null>(null)
  const [sent, setSent] = useState(0)
  const upload = useMutation({
    mutationFn: async ({ file, encoding }: { file: File; encoding?: string }) => {
      setSent(0)
      if (file.size > uploadLimit) throw new ApiError('input_too_large', 413, null)
      // The file's own name may be a person's; the server needs none, and tells what it is by its first bytes.
      return send<Staged>(encoding ? `/api/imports?encoding=${encoding}` : '/api/imports', file, setSent)
    },
    onSuccess: setStaged,
    gcTime: 0,
  })
  const { error, variables } = upload
  return (
    <Page title={t('imports.title')} sub={t('imports.sub')}>
      {staged ? (
        <Choices key={staged.id} staged={staged} onReread={setStaged} onAnother={() => setStaged(null)} />
      ) : (
        <div className='stack'>
          {error instanceof ApiError && error.code === 'input_too_large' ? (
            <Trouble title={t('imports.tooLarge')}>{t('imports.tooLargeAdvice')}</Trouble>
          ) : error ? (
            <ErrorNote error={error}>
              {error instanceof ApiError && error.code === 'file_encoding' && variables ? (
                <ReadAs onChoose={(encoding) => upload.mutate({ file: variables.file, encoding })} />
              ) : null}
            </ErrorNote>
          ) : null}
          <DropFile sent={upload.isPending ? sent : null} onFile={(file) => upload.mutate({ file })} />
          <RecentImports />
        </div>
      )}
    </Page>
  )
}
