import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { request } from '../../app/request.ts'
import { goToProvider } from '../../app/singleSignOn.ts'
import { Card } from '../../ui/Card.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useSecurityAct } from './useSecurity.ts'

type Identity = { name: string; linkedAt: string | null }

/** Single sign-on, where there is any: links one's account to the provider's, or takes the link away. */
export const IdentityCard = () => {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['security', 'identity'],
    queryFn: ({ signal }) => request<{ identity: Identity | null }>('GET', '/api/me/identity', { signal }),
  })
  const link = useSecurityAct(() => goToProvider({ kind: 'link', next: '/security' }), null)
  const unlink = useSecurityAct(() => request('DELETE', '/api/me/identity'), t('security.identity.unlinked'))
  const identity = data?.identity
  if (!identity) return null
  const act = identity.linkedAt === null ? link : unlink
  return (
    <Card
      title={t('security.identity.title')}
      aside={identity.linkedAt === null ? undefined : t('security.since', { at: formatInstant(identity.linkedAt) })}
    >
      <div className='stack'>
        <p className='quiet'>{t('security.identity.sub', { name: identity.name })}</p>
        {act.isError ? <ErrorNote error={act.error} /> : null}
        <div>
          <Button loading={act.isPending} onClick={() => act.mutate(undefined as never)}>
            {t(identity.linkedAt === null ? 'security.identity.link' : 'security.identity.unlink', { name: identity.name })}
          </Button>
        </div>
      </div>
    </Card>
  )
}
