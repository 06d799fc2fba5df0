import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../app/apiError.ts'
import type { Session, Way } from '../app/contract.ts'
import { canUsePasskeys, isCancelled } from '../app/passkey.ts'
import { signIn, signInByPasskey } from '../app/session.ts'
import { Field } from '../ui/Field.tsx'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'

const codeOf = (error: unknown): string | null => (error instanceof ApiError ? error.code : null)

/** Login and password, and a code where the account asks for one; or a passkey alone. `fixedLogin` when somebody only has to come back. */
export const SignInForm = ({ fixedLogin, onSignedIn }: { fixedLogin?: string; onSignedIn: (session: Session) => void }) => {
  const { t } = useTranslation()
  const [login, setLogin] = useState(fixedLogin ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  /** What the account can show beside its password; null while nothing was asked. */
  const [ways, setWays] = useState<readonly Way[] | null>(null)
  const [capsLock, setCapsLock] = useState(false)
  const act = useMutation({
    mutationFn: (by: 'password' | 'passkey') =>
      by === 'passkey' ? signInByPasskey() : signIn(login.trim(), password, ways === null ? undefined : code),
    onSuccess: onSignedIn,
    onError: (error) => {
      const refused = codeOf(error)
      setCode('')
      if (refused === 'code_required') setWays((error as ApiError).details['methods'] as unknown as Way[])
      else if (refused === 'sign_in_failed') {
        setPassword('')
        setWays(null)
      }
    },
    gcTime: 0,
  })
  const watchCaps = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'))
  const asked = codeOf(act.error) === 'code_required'
  const passkey =
    canUsePasskeys() && (ways === null || ways.includes('passkey')) ? (
      <Button
        size='large'
        block
        type={ways === null ? 'default' : 'primary'}
        icon={<Icon name='key' />}
        loading={act.isPending && act.variables === 'passkey'}
        onClick={() => act.mutate('passkey')}
      >
        {t('signIn.passkey')}
      </Button>
    ) : null
  return (
    <form
      className='stack'
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate('password')
      }}
    >
      {act.isError && !asked && !isCancelled(act.error) ? <ErrorNote error={act.error} /> : null}
      {ways === null ? (
        <>
          <Field label={t('signIn.login')}>
            {(ties) => (
              <Input
                {...ties}
                size='large'
                autoFocus={!fixedLogin}
                disabled={fixedLogin !== undefined}
                value={login}
                autoComplete='username'
                autoCapitalize='none'
                spellCheck={false}
                maxLength={40}
                required
                onChange={(event) => setLogin(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('signIn.password')} hint={capsLock ? t('signIn.capsLock') : undefined}>
            {(ties) => (
              <Input.Password
                {...ties}
                size='large'
                autoFocus={fixedLogin !== undefined}
                value={password}
                autoComplete='current-password'
                maxLength={128}
                required
                onKeyDown={watchCaps}
                onKeyUp={watchCaps}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
        </>
      ) : (
        <>
          <p className='quiet'>{t('signIn.second', { login: login.trim() })}</p>
          {passkey}
          <Field label={ways.includes('code') ? t('signIn.code') : t('signIn.recovery')} hint={t('signIn.codeHint')}>
            {(ties) => (
              <Input
                {...ties}
                size='large'
                autoFocus
                value={code}
                autoComplete='one-time-code'
                autoCapitalize='none'
                spellCheck={false}
                maxLength={20}
                onChange={(event) => setCode(event.target.value)}
              />
            )}
          </Field>
        </>
      )}
      <Button
        type='primary'
        htmlType='submit'
        size='large'
        block
        loading={act.isPending && act.variables === 'password'}
        disabled={login.trim() === '' || password === '' || (ways !== null && code.trim() === '')}
      >
        {t('signIn.act')}
      </Button>
      {ways === null ? (
        passkey
      ) : (
        <button
          type='button'
          className='chip bare'
          onClick={() => {
            setWays(null)
            setPassword('')
            act.reset()
          }}
        >
          {t('signIn.back')}
        </button>
      )}
    </form>
  )
}
