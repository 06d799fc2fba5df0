import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { canUsePasskeys, isCancelled, makePasskey } from '../../app/passkey.ts'
import { request } from '../../app/request.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { thisDevice } from './deviceWords.ts'
import { type Passkey, useSecurityAct } from './useSecurity.ts'

const Add = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const [name, setName] = useState(thisDevice())
  const act = useSecurityAct(async () => {
    const response = await makePasskey('/api/me/passkeys/options')
    await request('POST', '/api/me/passkeys', { body: { name: name.trim() || t('security.passkeys.unnamed'), response } })
    onClose()
  }, t('security.passkeys.added'))
  return (
    <Modal open title={t('security.passkeys.add')} footer={null} onCancel={onClose} width={420}>
      <form
        className='stack'
        onSubmit={(event) => {
          event.preventDefault()
          act.mutate(undefined)
        }}
      >
        <p className='quiet'>{t('security.passkeys.how')}</p>
        {act.isError && !isCancelled(act.error) ? <ErrorNote error={act.error} /> : null}
        <Field label={t('security.passkeys.name')} hint={t('security.passkeys.nameHint')}>
          {(ties) => <Input {...ties} autoFocus value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type='primary' htmlType='submit' block size='large' loading={act.isPending}>
          {t('security.passkeys.go')}
        </Button>
      </form>
    </Modal>
  )
}

/** Passkeys: what they are, which there are, adding and removing. */
export const PasskeysCard = ({ passkeys }: { passkeys: readonly Passkey[] }) => {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const remove = useSecurityAct((id: string) => request('DELETE', `/api/me/passkeys/${id}`), t('security.passkeys.removed'))
  return (
    <Card title={t('security.passkeys.title')}>
      <div className='stack'>
        <p className='quiet'>{t('security.passkeys.sub')}</p>
        {remove.isError ? <ErrorNote error={remove.error} /> : null}
        {passkeys.length > 0 ? (
          <ul className='security-list'>
            {passkeys.map(({ id, name, synced, createdAt, usedAt }) => (
              <li key={id}>
                <Icon name='key' />
                <span className='grow'>
                  <b>{name}</b>{' '}
                  <span className='tag' data-tone={synced ? 'accent' : 'ok'}>
                    {synced ? t('security.passkeys.synced') : t('security.passkeys.bound')}
                  </span>
                  <div className='small faint'>
                    {usedAt
                      ? t('security.passkeys.used', { at: formatInstant(usedAt) })
                      : t('security.passkeys.made', { at: formatInstant(createdAt) })}
                  </div>
                </span>
                <Button
                  size='small'
                  aria-label={t('security.passkeys.removeOne', { name })}
                  loading={remove.isPending && remove.variables === id}
                  onClick={() => remove.mutate(id)}
                >
                  {t('security.remove')}
                </Button>
              </li>
            ))}
          </ul>
        ) : null}
        {canUsePasskeys() ? (
          <div>
            <Button type={passkeys.length === 0 ? 'primary' : 'default'} onClick={() => setAdding(true)}>
              {t('security.passkeys.add')}
            </Button>
          </div>
        ) : (
          <p className='small faint'>{t('security.passkeys.unable')}</p>
        )}
        {adding ? <Add onClose={() => setAdding(false)} /> : null}
      </div>
    </Card>
  )
}
