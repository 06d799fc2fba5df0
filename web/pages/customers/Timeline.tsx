import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, type GetRef, Input } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { interaction } from '../../../domain/crm/interaction.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import type { Page, RecordView } from '../../app/contract.ts'
import { isMasked } from '../../app/contract.ts'
import { useDirectory } from '../../app/directory.ts'
import { dropEntry, useOfferedEntry } from '../../app/offeredEntry.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { useDraft } from '../../app/useDraft.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { RevealText } from '../../catalogue/RevealText.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { DamagedNote } from '../../ui/DamagedNote.tsx'
import { formatInstant, useShortTime } from '../../ui/formatTime.ts'
import { Icon, type IconName } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useIsChat } from './useChat.ts'
import './timeline.css'

const ChatDialog = lazy(async () => ({ default: (await import('./ChatDialog.tsx')).ChatDialog }))

const kinds = interaction.fields.kind.values ?? {}
const icons: Record<string, IconName> = {
  call: 'call',
  visit: 'visit',
  wechat: 'wechat',
  email: 'email',
  demo: 'demo',
  purchase: 'purchase',
  note: 'note',
}

const Entry = ({ customerId }: { customerId: string }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const client = useQueryClient()
  const [kind, setKind] = useState('call')
  const [text, setText] = useState('')
  const [chat, setChat] = useState<string | null>(null)
  const isChat = useIsChat(customerId)
  const box = useRef<GetRef<typeof Input.TextArea>>(null)
  const offer = useOfferedEntry(customerId)
  // Having said how, one goes on typing what: a click less for every entry.
  const choose = (chosen: string): void => {
    setKind(chosen)
    box.current?.focus()
  }
  const takeUp = (offered: string): void => {
    choose(offered)
    dropEntry()
  }
  useEffect(() => {
    if (offer?.started) takeUp(offer.kind)
  }, [offer])
  useDraft<{ kind: string; text: string }>(`customers/${customerId}/entry`, text === '' ? null : { kind, text }, (kept) => {
    setKind(kept.kind)
    setText(kept.text)
  })
  const add = useMutation({
    mutationFn: () => request<RecordView>('POST', `/api/customers/${customerId}/interactions`, { body: { kind, text: text.trim() } }),
    onSuccess: () => {
      dropEntry()
      setText('')
      void client.invalidateQueries({ queryKey: ['customers', customerId, 'interactions'] })
    },
    gcTime: 0,
  })
  const send = () => {
    if (text.trim() !== '' && !add.isPending) add.mutate()
  }
  return (
    <form
      className='entry'
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className='kinds' role='radiogroup' aria-label={labelOf(interaction.fields.kind)}>
        {Object.entries(kinds).map(([value, label]) => (
          <button key={value} type='button' role='radio' aria-checked={kind === value} className='chip tall' onClick={() => choose(value)}>
            <Icon name={icons[value] ?? 'note'} size={15} />
            {labelOf({ label })}
          </button>
        ))}
      </div>
      {offer && !offer.started ? (
        <div className='row apart offer' role='status'>
          <span className='small'>{t(`uses.after.${offer.kind}`)}</span>
          <span className='row'>
            <button type='button' className='chip' onClick={() => takeUp(offer.kind)}>
              {t('uses.note')}
            </button>
            <button type='button' className='chip bare' aria-label={t('close')} onClick={dropEntry}>
              <Icon name='close' size={14} />
            </button>
          </span>
        </div>
      ) : null}
      <Input.TextArea
        ref={box}
        value={text}
        aria-label={labelOf(interaction.fields.text)}
        placeholder={t('timeline.placeholder')}
        maxLength={interaction.fields.text.max}
        rows={2}
        className='grows'
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text/plain')
          if (!isChat(pasted)) return
          event.preventDefault()
          setChat(pasted)
        }}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            send()
          }
        }}
      />
      {chat ? (
        <Suspense>
          <ChatDialog
            customerId={customerId}
            pasted={chat}
            onClose={() => setChat(null)}
            onPlain={() => {
              const most = interaction.fields.text.max ?? 0
              if (text.length + chat.length > most) say(t('chat.cut', { count: most }))
              setText(`${text}${chat}`.slice(0, most))
              setChat(null)
            }}
          />
        </Suspense>
      ) : null}
      {add.isError ? <ErrorNote error={add.error} /> : null}
      <div className='row apart'>
        <span className='faint small keys'>
          <kbd>Ctrl ↵</kbd> {t('timeline.saves')}
        </span>
        <Button type='primary' htmlType='submit' disabled={text.trim() === ''} loading={add.isPending}>
          {t('timeline.add')}
        </Button>
      </div>
    </form>
  )
}

/** What happened with a customer, newest first, and a line to add to it. */
export const Timeline = ({ customer, closed }: { customer: RecordView; closed: boolean }) => {
  const customerId = customer.id
  const { t } = useTranslation()
  const labelOf = useLabel()
  const shortTime = useShortTime()
  const staff = useDirectory('staff')
  const scope = useScope('interaction')
  const rule = customer as unknown as RuleRow
  const mayAdd = (scope.actions.create ?? none).kind !== 'none'
  const mayReveal = satisfies(scope.fields['text']?.reveal ?? none, rule)
  const { data, error } = useQuery({
    queryKey: ['customers', customerId, 'interactions'],
    queryFn: ({ signal }) => request<Page<RecordView>>('GET', `/api/customers/${customerId}/interactions`, { signal }),
  })
  return (
    <Card
      title={t('timeline.title')}
      aside={data && data.items.length > 0 ? t('timeline.count', { count: data.total ?? data.items.length }) : undefined}
    >
      {mayAdd && !closed ? <Entry customerId={customerId} /> : null}
      {error ? <ErrorNote error={error} /> : null}
      {!data && !error ? <Bones widths={[80, 50, 70]} /> : null}
      {data?.items.length === 0 && !data.damaged ? <p className='faint timeline-none'>{t('timeline.none')}</p> : null}
      {data?.items.some((item) => isMasked(item['text'])) ? <p className='faint small timeline-none'>{t('timeline.masked')}</p> : null}
      <DamagedNote ids={data?.damaged} />
      <ol className='timeline'>
        {data?.items.map((item) => {
          const kind = String(item['kind'] ?? 'note')
          const by = staff.nameOf(item['staffId'])
          const at = String(item['happenedAt'] ?? item.createdAt)
          return (
            <li key={item.id}>
              <span className='knot' title={kinds[kind] ? labelOf({ label: kinds[kind] }) : kind}>
                <Icon name={icons[kind] ?? 'note'} size={15} />
              </span>
              <div>
                <div className='small faint'>
                  <b>{kinds[kind] ? labelOf({ label: kinds[kind] }) : kind}</b>
                  {by ? ` · ${by}` : ''} ·{' '}
                  <time dateTime={at} title={formatInstant(at)}>
                    {shortTime(at)}
                  </time>
                </div>
                <div className='said'>
                  <RevealText
                    path='interactions'
                    record={item}
                    name='text'
                    label={labelOf(interaction.fields.text)}
                    mayReveal={mayReveal}
                  />
                </div>
              </div>
            </li>
          )
        })}
      </ol>
    </Card>
  )
}
