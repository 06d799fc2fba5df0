import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Page as ListPage } from '../app/contract.ts'
import { request } from '../app/request.ts'
import { useActor } from '../app/session.ts'
import { Bones } from '../ui/Bones.tsx'
import { formatInstant } from '../ui/formatTime.ts'
import { Page } from '../ui/Page.tsx'
import { say } from '../ui/toast.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'

type OwnSession = { id: string; createdAt?: string; startedAt?: string; lastSeenAt?: string; lastUsedAt?: string; address?: string | null; agent?: string | null; userAgent?: string | null; current?: boolean }

/** Returns the browser and system that a user agent names, as people call them. */
const deviceOf = (agent: string | null | undefined): string => {
  if (!agent) return '—'
  const browser = /MicroMessenger/.test(agent) ? 'WeChat' : /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : ''
  const system = /iPhone|iPad/.test(agent) ? 'iOS' : /Android/.test(agent) ? 'Android' : /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : ''
  return [browser, system].filter(Boolean).join(' · ') || '—'
}

/** Where one is signed in, and ending it elsewhere. */
export const SessionsPage = () => {
  const { t } = useTranslation()
  const actor = useActor()
  const client = useQueryClient()
  const { data, error } = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => request<ListPage<OwnSession> | OwnSession[]>('GET', '/api/sessions', { signal }) })
  const end = useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/sessions/${id}`),
    onSuccess: () => say(t('sessions.ended')),
    onSettled: () => void client.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const sessions = Array.isArray(data) ? data : data?.items
  return (
    <Page title={t('nav.sessions')} sub={t('sessions.sub')}>
      <div className="card narrow">
        {error ? <ErrorNote error={error} /> : null}
        {end.isError ? <ErrorNote error={end.error} /> : null}
        {!sessions && !error ? <Bones /> : null}
        <ul className="log">
          {sessions?.map((session) => {
            const here = session.current ?? session.id === actor.sessionId
            return (
              <li key={session.id}>
                <span className="faint small">{formatInstant(session.createdAt ?? session.startedAt)}</span>
                <span>
                  {deviceOf(session.agent ?? session.userAgent)} {here ? <span className="tag" data-tone="ok">{t('sessions.here')}</span> : null}
                  <div className="small faint">
                    {session.address ? `${session.address} · ` : ''}
                    {t('sessions.lastSeen', { at: formatInstant(session.lastSeenAt ?? session.lastUsedAt) })}
                  </div>
                </span>
                {here ? <span /> : (
                  <Button size="small" loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
                    {t('sessions.end')}
                  </Button>
                )}
              </li>
            )
          })}
        </ul>
      </div>
    </Page>
  )
}
