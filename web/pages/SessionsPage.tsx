import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Page as ListPage } from '../app/contract.ts'
import { request } from '../app/request.ts'
import { Bones } from '../ui/Bones.tsx'
import { formatInstant } from '../ui/formatTime.ts'
import { Page } from '../ui/Page.tsx'
import { say } from '../ui/toast.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'

type OwnSession = { id: string; createdAt: string; seenAt: string; expiresAt: string; current: boolean }

/** Where one is signed in, and ending it elsewhere. */
export const SessionsPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => request<ListPage<OwnSession> | OwnSession[]>('GET', '/api/sessions', { signal }),
  })
  const end = useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/sessions/${id}`),
    onSuccess: () => say(t('sessions.ended')),
    onSettled: () => void client.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const sessions = Array.isArray(data) ? data : data?.items
  return (
    <Page title={t('nav.sessions')} sub={t('sessions.sub')}>
      <div className='card narrow'>
        {error ? <ErrorNote error={error} /> : null}
        {end.isError ? <ErrorNote error={end.error} /> : null}
        {!sessions && !error ? <Bones /> : null}
        <ul className='log'>
          {sessions?.map((session) => {
            const here = session.current
            return (
              <li key={session.id}>
                <span className='faint small'>{formatInstant(session.createdAt)}</span>
                <span>
                  {here ? (
                    <span className='tag' data-tone='ok'>
                      {t('sessions.here')}
                    </span>
                  ) : (
                    t('sessions.elsewhere')
                  )}
                  <div className='small faint'>
                    {t('sessions.lastSeen', { at: formatInstant(session.seenAt), until: formatInstant(session.expiresAt) })}
                  </div>
                </span>
                {here ? (
                  <span />
                ) : (
                  <Button size='small' loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
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
