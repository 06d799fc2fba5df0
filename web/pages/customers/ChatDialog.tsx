import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { conversationEntries, guessSides, type Side, speakersOf } from '../../../domain/crm/conversation.ts'
import { shopZone } from '../../../domain/text/zonedTime.ts'
import { request } from '../../app/request.ts'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { readChat, useSideNames } from './useChat.ts'

const sides: readonly Side[] = ['customer', 'us', 'other']

type ChatDialogProps = { customerId: string; pasted: string; onClose: () => void; onPlain: () => void }

/** Shows what a pasted WeChat chat would become in the timeline, lets one say who is who, and adds it day by day. */
export const ChatDialog = ({ customerId, pasted, onClose, onPlain }: ChatDialogProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const names = useSideNames(customerId)
  const [now] = useState(() => new Date())
  const [chosen, setChosen] = useState<Readonly<Record<string, Side>>>({})
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- read once: what was pasted does not change
  const chat = useMemo(() => readChat(pasted, names), [pasted])
  const speakers = chat ? speakersOf(chat) : []
  const known = new Map([...guessSides(speakers, names), ...Object.entries(chosen)])
  const marks = { customer: t('chat.sides.customer'), us: t('chat.sides.us') }
  const entries = chat ? conversationEntries(chat, known, { marks, now, zone: shopZone }) : []
  const add = useMutation({
    mutationFn: () =>
      request<{ created: number; skipped: number }>('POST', `/api/customers/${customerId}/conversations`, {
        body: { days: entries.map(({ happenedAt, text }) => ({ happenedAt, text })) },
      }),
    onSuccess: ({ created, skipped }) => {
      const done = created > 0 ? [t('chat.saved', { count: created })] : []
      say([...done, ...(skipped > 0 ? [t('chat.skipped', { count: skipped })] : [])].join(' '))
      void client.invalidateQueries({ queryKey: ['customers', customerId, 'interactions'] })
      onClose()
    },
    gcTime: 0,
  })
  return (
    <Modal
      open
      title={t('chat.title')}
      width={620}
      onCancel={onClose}
      footer={[
        <Button key='plain' onClick={onPlain}>
          {t('chat.asText')}
        </Button>,
        <Button key='save' type='primary' loading={add.isPending} onClick={() => add.mutate()}>
          {t('chat.save', { count: entries.length })}
        </Button>,
      ]}
    >
      <p className='quiet'>{t('chat.found', { count: entries.length, messages: chat?.messages.length ?? 0 })}</p>
      <div role='group' aria-label={t('chat.who')} className='chat-who'>
        {speakers.map((name) => (
          <div key={name} className='row apart'>
            <b className='clip'>{name}</b>
            <Segmented
              aria-label={name}
              name={`side-${name}`}
              value={known.get(name) ?? 'other'}
              options={sides.map((side) => ({ value: side, label: t(`chat.sides.${side}`) }))}
              onChange={(side) => setChosen({ ...chosen, [name]: side })}
            />
          </div>
        ))}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and the keyboard has to reach what scrolls (axe: scrollable-region-focusable) */}
      <ol className='chat-days' aria-label={t('timeline.title')} tabIndex={0}>
        {entries.map((entry, i) => (
          <li key={i}>
            <b className='small'>{entry.day ?? t('chat.undated')}</b>
            <div className='said'>{entry.text}</div>
          </li>
        ))}
      </ol>
      {add.isError ? <ErrorNote error={add.error} /> : null}
    </Modal>
  )
}
