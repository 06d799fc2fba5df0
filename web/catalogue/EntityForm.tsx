import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../domain/catalogue/check.ts'
import type { Entity } from '../../domain/catalogue/entity.ts'
import { type FormField, formOf } from '../../domain/catalogue/form.ts'
import { ApiError, fieldProblems } from '../app/apiError.ts'
import { isMasked, type RecordView } from '../app/contract.ts'
import { useDraft } from '../app/useDraft.ts'
import { Field } from '../ui/Field.tsx'
import { say } from '../ui/toast.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import { FieldInput } from './FieldInput.tsx'
import { useLabel } from './FieldValue.tsx'
import { changesOf, checkDraft, type Draft, draftOf } from './formState.ts'
import { MaskedInput } from './MaskedInput.tsx'
import { More } from './More.tsx'
import { useUnsavedGuard } from './useUnsavedGuard.tsx'

/** How a form is laid out beyond what the catalogue says. */
export type FormShape = {
  /** Fields that come first, in this order. In a form for a new record the others lie under "more", which stays as one left it. */
  lead?: readonly string[]
  /** A line of explanation under a field, which may depend on what stands in it. */
  hint?: (field: string, value: string | string[] | null) => string | null
  /** Where unsaved changes are kept for this person in this browser; absent: nowhere. */
  keep?: string
  /** Told whenever there begin or cease to be unsaved changes. */
  onDirty?: (dirty: boolean) => void
}

type EntityFormProps = FormShape & {
  entity: Entity
  path: string
  /** The record being changed; null for a new one. */
  record: RecordView | null
  defaults?: Draft
  mayWrite: (field: string) => boolean
  mayReveal: boolean
  saving: boolean
  error: unknown
  /** Sends what was checked; `stay` when Ctrl-S asked to go on editing. Resolves to whether it is stored now. */
  onSave: (value: Record<string, unknown>, stay: boolean) => Promise<boolean>
  onCancel: () => void
}

const wide = new Set(['lines', 'address'])

/** The shell asks to sign in again; the form only waits. */
const endedSession = (error: unknown): boolean => error instanceof ApiError && (error.code === 'not_signed_in' || error.code === 'locked')

/** A form made from the catalogue: controls, the same checks as the server's, a guard over unsaved changes, Ctrl-S. */
export const EntityForm = ({
  entity,
  path,
  record,
  defaults = {},
  mayWrite,
  mayReveal,
  saving,
  error,
  onSave,
  onCancel,
  lead = [],
  hint,
  keep,
  onDirty,
}: EntityFormProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const [base, setBase] = useState(() => draftOf(entity, record, defaults))
  const [draft, setDraft] = useState(base)
  const [problems, setProblems] = useState<{ field: string; problem: string; limit?: number }[]>([])
  const changes = changesOf(entity, base, draft)
  const dirty = Object.keys(changes).length > 0
  useEffect(() => onDirty?.(dirty), [dirty, onDirty])
  const forget = useDraft<Draft>(keep ?? null, dirty ? changes : null, (kept) => {
    setDraft((before) => ({ ...before, ...kept }))
    say(t('form.restored'))
  })
  const guard = useUnsavedGuard(dirty, forget)
  useEffect(() => {
    const refused = fieldProblems(error)
    if (refused.length > 0) setProblems(refused)
  }, [error])

  const send = async (value: Record<string, unknown>, stay: boolean): Promise<void> => {
    if (!(await onSave(value, stay))) return
    if (!stay) forget()
    setBase(draft)
  }
  const save = (stay: boolean): void => {
    const checked = checkDraft(entity, record ? changes : draft, record ? 'update' : 'create')
    if ('problems' in checked) {
      setProblems(checked.problems)
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    setProblems([])
    if (record && Object.keys(checked.value).length === 0) return onCancel()
    void send(checked.value, stay)
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault()
        if (!saving) save(true)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  const set = (name: string, value: string | string[] | null): void => {
    setDraft((before) => ({ ...before, [name]: value }))
    setProblems((before) => before.filter((one) => one.field !== name))
  }
  const words = (name: string): string | null => {
    const found = problems.find((one) => one.field === name) as Problem | undefined
    return found ? t(`problems.${found.problem}` as 'problems.required', { limit: found.limit, defaultValue: t('problems.other') }) : null
  }
  const declared = formOf(entity).filter((field) => mayWrite(field.name))
  const named = lead.flatMap((name) => declared.filter((field) => field.name === name))
  // What a new record cannot do without is not folded away.
  const isNeeded = (field: FormField): boolean => named.includes(field) || (field.required && (base[field.name] ?? '') === '')
  const folded = record || named.length === 0 ? [] : declared.filter((field) => !isNeeded(field))
  const shown = [...named, ...declared.filter((field) => !named.includes(field) && !folded.includes(field))]
  const control = (field: FormField, i: number) => {
    const label = labelOf(field)
    const value = record?.[field.name]
    const masked = draft[field.name] === undefined && (isMasked(value) || (Array.isArray(value) && value.some(isMasked)))
    return (
      <div key={field.name} className={wide.has(field.control) ? 'whole' : ''}>
        {masked && record ? (
          <MaskedInput
            path={path}
            record={record}
            name={field.name}
            label={label}
            mayReveal={mayReveal}
            many={field.items > 1}
            onOpen={(opened, isBase) => {
              if (isBase) setBase((before) => ({ ...before, [field.name]: opened }))
              set(field.name, opened)
            }}
          />
        ) : (
          <Field
            label={label}
            aside={field.required ? t('form.required') : null}
            problem={words(field.name)}
            hint={hint?.(field.name, draft[field.name] ?? null)}
          >
            {(ties) => (
              <FieldInput
                field={field}
                ties={ties}
                value={draft[field.name] ?? null}
                ownId={record?.id ?? null}
                autoFocus={i === 0 && (!record || shown.length === 1)}
                onChange={(next) => set(field.name, next)}
              />
            )}
          </Field>
        )}
      </div>
    )
  }
  return (
    <form
      className='form'
      noValidate
      autoComplete='off'
      onSubmit={(event) => {
        event.preventDefault()
        save(false)
      }}
    >
      {guard}
      {error && fieldProblems(error).length === 0 && !endedSession(error) ? <ErrorNote error={error} /> : null}
      {record && shown.some((field) => draft[field.name] === undefined) ? <p className='quiet small'>{t('form.keepsMasked')}</p> : null}
      <div className='form-grid'>{shown.map(control)}</div>
      {folded.length > 0 ? (
        <More name={path} wanted={problems.some((one) => folded.some((field) => field.name === one.field))}>
          <div className='form-grid'>{folded.map((field) => control(field, -1))}</div>
        </More>
      ) : null}
      <footer className='form-foot'>
        <Button type='primary' htmlType='submit' loading={saving}>
          {record ? t('form.save') : t('form.create')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
        <span className='faint small'>
          <span className='keys'>
            <kbd>Ctrl S</kbd> {record ? t('form.saveStays') : t('form.saves')}{' '}
          </span>
          {dirty ? t('form.unsaved') : ''}
        </span>
      </footer>
    </form>
  )
}
