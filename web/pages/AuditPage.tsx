import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { auditActions } from '../../domain/audit/actions.ts'
import type { AuditEntry } from '../app/contract.ts'
import { useDirectory } from '../app/directory.ts'
import { request } from '../app/request.ts'
import { useScope } from '../app/session.ts'
import { Bones } from '../ui/Bones.tsx'
import { Empty } from '../ui/Empty.tsx'
import { formatInstant } from '../ui/formatTime.ts'
import { Page } from '../ui/Page.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import { AuditSentence } from './AuditSentence.tsx'

const names = ['actor', 'action', 'subject', 'from', 'to'] as const
type Answer = { items: AuditEntry[]; nextCursor?: string | null }

/** The local day's beginning, or the beginning of the next, as an instant. */
const instantOf = (day: string, end: boolean): string => {
  const at = new Date(`${day}T00:00:00`)
  if (end) at.setDate(at.getDate() + 1)
  return at.toISOString()
}

const queryOf = (filters: URLSearchParams, cursor: string): string => {
  const query = new URLSearchParams()
  for (const name of names) {
    const value = filters.get(name)
    if (value) query.set(name, name === 'from' || name === 'to' ? instantOf(value, name === 'to') : value)
  }
  if (cursor) query.set('cursor', cursor)
  return query.toString()
}

/** The audit log, newest first: one plain sentence per entry, narrowed by person, act, data subject and day. */
export const AuditPage = () => {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const staff = useDirectory('staff')
  const maySee = useScope('customer').rows.kind !== 'none'
  const key = queryOf(params, '')
  const log = useInfiniteQuery({
    queryKey: ['audit', key],
    queryFn: ({ pageParam, signal }) => request<Answer>('GET', `/api/audit?${queryOf(params, pageParam)}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
  const set = (name: string, value: string | null | undefined) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before)
        if (value) after.set(name, value)
        else after.delete(name)
        return after
      },
      { replace: true },
    )
  const entries = log.data?.pages.flatMap((page) => page.items)
  const narrowed = names.some((name) => params.get(name))
  const day = (name: 'from' | 'to') => (
    <Input
      className='pick-filter'
      style={{ width: 176 }}
      type='date'
      prefix={<span className='faint small'>{t(`audit.${name}`)}</span>}
      aria-label={t(`audit.${name}`)}
      value={params.get(name) ?? ''}
      onChange={(event) => set(name, event.target.value)}
    />
  )
  return (
    <Page title={t('nav.audit')} sub={t('audit.sub')}>
      <search className='filters'>
        <Select
          className='pick-filter'
          aria-label={t('audit.who')}
          placeholder={t('audit.who')}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={params.get('actor')}
          options={staff.options}
          onChange={(value: string | null | undefined) => set('actor', value)}
          popupMatchSelectWidth={false}
        />
        <Select
          className='pick-filter'
          aria-label={t('audit.what')}
          placeholder={t('audit.what')}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={params.get('action')}
          options={auditActions.map((action) => ({ value: action, label: t(`acts.${action}`) }))}
          onChange={(value: string | null | undefined) => set('action', value)}
          popupMatchSelectWidth={false}
        />
        <Input
          className='pick-filter'
          style={{ width: 150 }}
          allowClear
          inputMode='numeric'
          placeholder={t('audit.subject')}
          aria-label={t('audit.subject')}
          value={params.get('subject') ?? ''}
          onChange={(event) => set('subject', event.target.value.replace(/\D/g, ''))}
        />
        {day('from')}
        {day('to')}
        {narrowed ? (
          <button type='button' className='chip bare tall' onClick={() => setParams({}, { replace: true })}>
            {t('clearFilters')}
          </button>
        ) : null}
      </search>
      <div className='card'>
        {log.error ? <ErrorNote error={log.error} /> : null}
        {!entries && !log.error ? <Bones widths={[80, 60, 70, 50, 65, 72]} /> : null}
        {entries?.length === 0 ? (
          <Empty
            icon='log'
            title={t('audit.none')}
            actions={narrowed ? <Button onClick={() => setParams({}, { replace: true })}>{t('clearFilters')}</Button> : null}
          >
            {t('audit.noneAdvice')}
          </Empty>
        ) : null}
        <ol className='log'>
          {entries?.map((entry) => (
            <li key={entry.id}>
              <time className='faint small nowrap' dateTime={entry.at}>
                {formatInstant(entry.at)}
              </time>
              <AuditSentence entry={entry} linked={maySee} />
              <span className='row'>
                {entry.outcome === 'done' ? null : (
                  <span className='tag' data-tone={entry.outcome === 'absent' ? undefined : 'danger'}>
                    {t(`outcomes.${entry.outcome}` as 'outcomes.refused', { defaultValue: entry.outcome })}
                  </span>
                )}
                <span className='faint small mono'>{entry.index === null || entry.index === undefined ? '' : `#${entry.index}`}</span>
              </span>
            </li>
          ))}
        </ol>
        {log.hasNextPage ? (
          <div className='row' style={{ justifyContent: 'center', paddingTop: 12 }}>
            <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
              {t('audit.more')}
            </Button>
          </div>
        ) : null}
      </div>
    </Page>
  )
}
