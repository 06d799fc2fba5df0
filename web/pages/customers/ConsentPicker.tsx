import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Popover, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { consent } from '../../../domain/crm/consent.ts'
import type { RecordView } from '../../app/contract.ts'
import { request } from '../../app/request.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Field } from '../../ui/Field.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'

type State = 'given' | 'withdrawn'
type Draft = { how: string; when: string; note: string }

const fresh: Draft = { how: 'spoken', when: '', note: '' }
const { how: hows, note: notes } = consent.fields

/** Now as an input of day and time writes it, in the reader's time zone like every other time on the page. */
const localNow = (): string => {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

const Ask = ({ customerId, channel, onDone }: { customerId: string; channel: string; onDone: () => void }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const client = useQueryClient()
  const [draft, setDraft] = useState(fresh)
  const act = useMutation({
    mutationFn: (state: State) => {
      const { how, when, note } = draft
      const said = { ...(when ? { happenedAt: new Date(when).toISOString() } : {}), ...(note.trim() ? { note: note.trim() } : {}) }
      return request<RecordView>('POST', `/api/customers/${customerId}/consents`, { body: { channel, state, how, ...said } })
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['customers', customerId, 'consents'] })
      say(t('consents.recorded'))
      onDone()
    },
    gcTime: 0,
  })
  const states: readonly State[] = ['given', 'withdrawn']
  return (
    <div className='stack tight consent-ask'>
      <Field label={labelOf(hows)}>
        {(ties) => (
          <Select
            {...ties}
            value={draft.how}
            options={Object.entries(hows.values ?? {}).map(([value, label]) => ({ value, label: labelOf({ label }) }))}
            onChange={(how: string) => setDraft({ ...draft, how })}
          />
        )}
      </Field>
      <Field label={t('consents.when')} aside={t('consents.whenHint')}>
        {(ties) => (
          <Input
            {...ties}
            type='datetime-local'
            max={localNow()}
            value={draft.when}
            onChange={(event) => setDraft({ ...draft, when: event.target.value })}
          />
        )}
      </Field>
      <Field label={labelOf(notes)} aside={t('consents.optional')}>
        {(ties) => (
          <Input
            {...ties}
            value={draft.note}
            maxLength={notes.max}
            autoComplete='off'
            onChange={(event) => setDraft({ ...draft, note: event.target.value })}
          />
        )}
      </Field>
      {act.isError ? <ErrorNote error={act.error} /> : null}
      <div className='pair'>
        {states.map((state) => (
          <Button
            key={state}
            {...(state === 'given' ? { type: 'primary' as const } : { danger: true })}
            loading={act.isPending && act.variables === state}
            disabled={act.isPending}
            onClick={() => act.mutate(state)}
          >
            {t(`consents.record.${state}`)}
          </Button>
        ))}
      </div>
    </div>
  )
}

/** The button that records what a customer said about one channel, and the few questions it opens: two clicks where it was said just now. */
export const ConsentPicker = ({ customerId, channel, label }: { customerId: string; channel: string; label: string }) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const title = t('consents.ask', { channel: label })
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger='click'
      placement='bottomRight'
      destroyOnHidden
      content={
        <div className='ask' role='dialog' aria-label={title}>
          <b>{title}</b>
          <Ask customerId={customerId} channel={channel} onDone={() => setOpen(false)} />
        </div>
      }
    >
      <button type='button' className='chip' aria-haspopup='dialog' aria-expanded={open} aria-label={title}>
        <Icon name='note' size={13} />
        {t('consents.act')}
      </button>
    </Popover>
  )
}
