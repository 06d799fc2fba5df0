import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { peopleKey, type Person } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { KeeperNote } from './KeeperNote.tsx'

/** Keeping somebody from acting, with what that means, and lifting it again. Only for who keeps the accounts. */
export const SuspendCard = ({ person, name }: { person: Person; name: string }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const manages = useDuty('staff.manage')
  const isMe = useActor().staffId === person.id
  const [asking, setAsking] = useState(false)
  const act = useMutation({
    mutationFn: (what: 'suspend' | 'resume') => request('POST', `/api/people/${person.id}/${what}`),
    onSuccess: (_, what) => {
      setAsking(false)
      say(t(what === 'suspend' ? 'suspend.done' : 'suspend.resumed', { name }))
      void client.invalidateQueries({ queryKey: peopleKey })
    },
    gcTime: 0,
  })
  if (!manages && person.suspended === null) return null
  return (
    <Card title={t('suspend.title')}>
      <div className='stack'>
        {person.suspended !== null ? (
          <>
            <Trouble tone='warn' title={t('suspend.isSuspended')}>
              {t(`suspensions.${person.suspended}` as 'suspensions.manual', { defaultValue: '' })}
            </Trouble>
            {act.isError ? <ErrorNote error={act.error} /> : null}
            {manages ? (
              <div className='row'>
                <Button type='primary' loading={act.isPending} onClick={() => act.mutate('resume')}>
                  {t('suspend.resume')}
                </Button>
              </div>
            ) : null}
          </>
        ) : (
          <div className='row apart nowrap-row'>
            <p className='quiet small'>{isMe ? t('suspend.own') : t('suspend.can')}</p>
            <Button danger disabled={isMe} onClick={() => setAsking(true)}>
              {t('suspend.act')}
            </Button>
          </div>
        )}
      </div>
      <Modal
        open={asking}
        width={440}
        title={t('suspend.ask', { name })}
        okText={t('suspend.act')}
        okButtonProps={{ danger: true }}
        cancelText={t('cancel')}
        confirmLoading={act.isPending}
        onOk={() => act.mutate('suspend')}
        onCancel={() => {
          setAsking(false)
          act.reset()
        }}
      >
        <div className='stack tight'>
          <p>{t('suspend.what')}</p>
          <ul className='dots'>
            {(['sessions', 'signIn', 'kept', 'back'] as const).map((effect) => (
              <li key={effect}>{t(`suspend.effects.${effect}`)}</li>
            ))}
          </ul>
          {act.isError ? <KeeperNote error={act.error} name={name} /> : null}
        </div>
      </Modal>
    </Card>
  )
}
