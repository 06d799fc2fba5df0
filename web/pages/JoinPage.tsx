import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { fieldProblems } from '../app/apiError.ts'
import { Outside } from '../app/Outside.tsx'
import { canUsePasskeys, isCancelled, makePasskey } from '../app/passkey.ts'
import { request } from '../app/request.ts'
import { join, sessionKey } from '../app/session.ts'
import { Bones } from '../ui/Bones.tsx'
import { Field } from '../ui/Field.tsx'
import { formatInstant } from '../ui/formatTime.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote, Trouble } from '../ui/Trouble.tsx'
import { thisDevice } from './security/deviceWords.ts'
import { useFieldProblem } from './security/PasswordForm.tsx'

type Invitation = { purpose: 'invite' | 'recover'; company: string; by: string; name: string; login: string; expiresAt: string }

// Read once and taken out of the address at once: it must stand neither in the history nor over somebody's shoulder.
const takeToken = (): string => {
  const token = window.location.hash.slice(1)
  if (token !== '') window.history.replaceState(window.history.state, '', window.location.pathname)
  return token
}

const Choose = ({ token, invitation, onJoined }: { token: string; invitation: Invitation; onJoined: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const act = useMutation({
    mutationFn: async (by: 'passkey' | 'password') =>
      by === 'password'
        ? join({ token, password })
        : join({
            token,
            passkey: { name: thisDevice() || t('security.passkeys.unnamed'), response: await makePasskey('/api/join/options', { token }) },
          }),
    onSuccess: (session) => {
      client.clear()
      client.setQueryData(sessionKey, session)
      onJoined()
    },
    gcTime: 0,
  })
  const problem = useFieldProblem(act.error)
  return (
    <div className='stack'>
      <p>
        {t(`join.${invitation.purpose}.how`, { name: invitation.name, login: invitation.login, at: formatInstant(invitation.expiresAt) })}
      </p>
      {act.isError && fieldProblems(act.error).length === 0 && !isCancelled(act.error) ? <ErrorNote error={act.error} /> : null}
      {canUsePasskeys() ? (
        <>
          <Button
            type='primary'
            size='large'
            block
            icon={<Icon name='key' />}
            loading={act.isPending && act.variables === 'passkey'}
            onClick={() => act.mutate('passkey')}
          >
            {t('join.passkey')}
          </Button>
          <p className='small faint center'>{t('join.passkeyWhy')}</p>
          <p className='small faint center'>{t('join.or')}</p>
        </>
      ) : null}
      <form
        className='stack'
        onSubmit={(event) => {
          event.preventDefault()
          act.mutate('password')
        }}
      >
        <input type='text' hidden readOnly autoComplete='username' value={invitation.login} />
        <Field label={t('security.password.new')} hint={t('security.password.rule', { count: 15 })} problem={problem('password')}>
          {(ties) => (
            <Input.Password
              {...ties}
              size='large'
              value={password}
              autoComplete='new-password'
              maxLength={128}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button htmlType='submit' size='large' block disabled={password === ''} loading={act.isPending && act.variables === 'password'}>
          {t('join.password')}
        </Button>
      </form>
    </div>
  )
}

/** Where a one-time link leads: who sends it, then a passkey or a password of one's own, then, if one likes, a second step. */
export const JoinPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [token] = useState(takeToken)
  const [joined, setJoined] = useState(false)
  const look = useQuery({
    queryKey: ['join'],
    queryFn: () => request<Invitation>('POST', '/api/join/look', { body: { token }, quiet: true }),
    enabled: token !== '',
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  useEffect(() => {
    // Another link pasted into the same tab.
    const again = (): void => {
      if (window.location.hash.length > 1) window.location.reload()
    }
    window.addEventListener('hashchange', again)
    return () => window.removeEventListener('hashchange', again)
  }, [])
  if (token === '' && !joined)
    return (
      <Outside title={t('join.title')}>
        <Trouble tone='info' title={t('errors.link_invalid.title')}>
          {t('errors.link_invalid.advice')}
        </Trouble>
        <Link to='/sign-in'>{t('signIn.title')}</Link>
      </Outside>
    )
  if (joined)
    return (
      <Outside title={t('join.done')} sub={t('join.doneSub')}>
        <div className='stack'>
          <Button type='primary' size='large' block onClick={() => void navigate('/security')}>
            {t('join.second')}
          </Button>
          <Button size='large' block onClick={() => void navigate('/', { replace: true })}>
            {t('join.start')}
          </Button>
        </div>
      </Outside>
    )
  const { data, error } = look
  return (
    <Outside
      title={data ? t(`join.${data.purpose}.title`, { name: data.name }) : t('join.title')}
      sub={data ? t(`join.${data.purpose}.by`, { by: data.by, company: data.company }) : undefined}
    >
      {error ? <ErrorNote error={error} /> : data ? <Choose token={token} invitation={data} onJoined={() => setJoined(true)} /> : <Bones />}
    </Outside>
  )
}
