import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../app/request.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useDeviceWords } from './deviceWords.ts'
import { type Passkey, useSecurityAct } from './useSecurity.ts'

type OwnSession = {
  id: string
  createdAt: string
  seenAt: string
  expiresAt: string
  current: boolean
  method: string
  deviceId: string | null
  browser: string | null
  system: string | null
  place: 'here' | 'local' | 'outside' | null
  address: string | null
}

const Lost = ({ session, passkeys, onClose }: { session: OwnSession; passkeys: readonly Passkey[]; onClose: () => void }) => {
  const { t } = useTranslation()
  const deviceWords = useDeviceWords()
  const synced = passkeys.filter((passkey) => passkey.synced)
  const [also, setAlso] = useState<string[]>([])
  const act = useSecurityAct(async () => {
    await request('POST', `/api/me/devices/${session.deviceId}/lost`, { body: { passkeys: also } })
    onClose()
  }, t('security.lost.done'))
  return (
    <Modal
      open
      title={t('security.lost.title', { device: deviceWords(session) })}
      okText={t('security.lost.act')}
      okButtonProps={{ danger: true, loading: act.isPending }}
      cancelText={t('cancel')}
      onOk={() => act.mutate(undefined)}
      onCancel={onClose}
      width={460}
    >
      <div className='stack'>
        <p>{t('security.lost.what')}</p>
        {act.isError ? <ErrorNote error={act.error} /> : null}
        {synced.length > 0 ? (
          <fieldset className='security-also'>
            <legend className='small quiet'>{t('security.lost.also')}</legend>
            {synced.map(({ id, name }) => (
              <Checkbox
                key={id}
                checked={also.includes(id)}
                onChange={({ target }) => setAlso((before) => (target.checked ? [...before, id] : before.filter((one) => one !== id)))}
              >
                {name}
              </Checkbox>
            ))}
          </fieldset>
        ) : null}
        <p className='small faint'>{t('security.lost.app')}</p>
      </div>
    </Modal>
  )
}

/** Where one is signed in: device, place, since when and how; ending it singly or all at once, and what to do when a device is lost. */
export const SessionsCard = ({ passkeys }: { passkeys: readonly Passkey[] }) => {
  const { t } = useTranslation()
  const deviceWords = useDeviceWords()
  const [lost, setLost] = useState<OwnSession | null>(null)
  const { data, error } = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => request<{ items: OwnSession[] }>('GET', '/api/sessions', { signal }),
  })
  const end = useSecurityAct((id: string) => request('DELETE', `/api/sessions/${id}`), t('sessions.ended'))
  const endOthers = useSecurityAct(() => request('DELETE', '/api/sessions'), t('security.sessions.othersEnded'))
  const items = data?.items
  return (
    <Card title={t('security.sessions.title')}>
      <div className='stack'>
        <p className='quiet'>{t('sessions.sub')}</p>
        {[error, end.error, endOthers.error].flatMap((one, i) => (one ? [<ErrorNote key={i} error={one} />] : []))}
        {!items && !error ? <Bones /> : null}
        <ul className='security-list'>
          {items?.map((session) => (
            <li key={session.id}>
              <span className='grow'>
                <b>{deviceWords(session)}</b>{' '}
                {session.current ? (
                  <span className='tag' data-tone='ok'>
                    {t('sessions.here')}
                  </span>
                ) : null}
                <div className='small faint'>
                  {[
                    session.place ? t(`security.places.${session.place}`) : null,
                    session.place === 'outside' ? session.address : null,
                    t(`security.methods.${session.method}` as 'security.methods.password'),
                    t('security.since', { at: formatInstant(session.createdAt) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </div>
                <div className='small faint'>
                  {t('sessions.lastSeen', { at: formatInstant(session.seenAt), until: formatInstant(session.expiresAt) })}
                </div>
              </span>
              <span className='row'>
                {session.deviceId ? (
                  <Button size='small' onClick={() => setLost(session)}>
                    {t('security.lost.open')}
                  </Button>
                ) : null}
                {session.current ? null : (
                  <Button size='small' loading={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
                    {t('sessions.end')}
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
        {items && items.length > 1 ? (
          <div>
            <Button loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
              {t('security.sessions.endOthers')}
            </Button>
          </div>
        ) : null}
        {lost ? <Lost session={lost} passkeys={passkeys} onClose={() => setLost(null)} /> : null}
      </div>
    </Card>
  )
}
