import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Badge, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatInstant } from '../ui/formatTime.ts'
import { Icon } from '../ui/Icon.tsx'
import { useDirectory } from './directory.ts'
import { request } from './request.ts'
import { useDuty } from './session.ts'

type Notice = { id: number; kind: string; detail: Record<string, string | number | boolean | null>; at: string; seenAt: string | null }
type Notices = { items: Notice[]; unseen: number }

/** Milliseconds between looks for new notices. */
const every = 60_000

/** Where a notice leads, if anywhere. Other slices add their kinds here and their words to `notices.kinds`. */
const placeOf = (kind: string, readsLog: boolean): string | null => {
  if (kind === 'over_budget') return readsLog ? '/audit' : null
  if (kind.startsWith('emergency_')) return '/emergencies'
  if (kind === 'review_opened') return '/reviews'
  return /^(?:new_device|passkey_|code_|recovery_|password_|device_|account_|session_)/.test(kind) ? '/security' : null
}

/** The bell: what the product tells the signed-in person, newest first. */
export const NoticeMenu = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const staff = useDirectory('staff')
  const readsLog = useDuty('audit.read')
  const [open, setOpen] = useState(false)
  const { data } = useQuery({
    queryKey: ['notices'],
    queryFn: ({ signal }) => request<Notices>('GET', '/api/notices', { signal }),
    refetchInterval: every,
    staleTime: every / 2,
  })
  const see = useMutation({
    mutationFn: (upTo: number) => request('POST', '/api/notices/seen', { body: { upTo } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['notices'] }),
  })
  const items = data?.items ?? []
  const unseen = data?.unseen ?? 0
  const change = (next: boolean): void => {
    setOpen(next)
    // Seen once they were open and are closed again: the marks stay while one reads.
    if (!next && unseen > 0 && items[0]) see.mutate(items[0].id)
  }
  const words = ({ kind, detail }: Notice): string =>
    t(`notices.kinds.${kind}` as 'notices.kinds.new_device', {
      ...detail,
      by: typeof detail['by'] === 'string' ? (staff.nameOf(detail['by']) ?? t('notices.somebody')) : t('notices.somebody'),
      defaultValue: kind,
    })
  const list = (
    <div role='dialog' aria-label={t('notices.title')} className='notices'>
      {items.length === 0 ? <p className='quiet'>{t('notices.none')}</p> : null}
      <ul>
        {items.slice(0, 12).map((notice) => {
          const to = placeOf(notice.kind, readsLog)
          return (
            <li key={notice.id} data-new={notice.seenAt === null}>
              {to ? (
                <Link to={to} onClick={() => change(false)}>
                  {words(notice)}
                </Link>
              ) : (
                words(notice)
              )}
              <div className='small faint'>{formatInstant(notice.at)}</div>
            </li>
          )
        })}
      </ul>
    </div>
  )
  return (
    <Popover open={open} onOpenChange={change} trigger='click' placement='bottomRight' content={list} arrow={false}>
      <button
        type='button'
        className='me bell'
        aria-expanded={open}
        aria-label={unseen > 0 ? t('notices.unseen', { count: unseen }) : t('notices.title')}
      >
        <Badge count={unseen} size='small' overflowCount={9}>
          <Icon name='bell' size={19} />
        </Badge>
      </button>
    </Popover>
  )
}
