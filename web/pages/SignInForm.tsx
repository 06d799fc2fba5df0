import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Session } from '../app/contract.ts'
import { signIn } from '../app/session.ts'
import { Field } from '../ui/Field.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'

/** Login and password. `fixedLogin` when somebody only has to come back. */
export const SignInForm = ({ fixedLogin, onSignedIn }: { fixedLogin?: string; onSignedIn: (session: Session) => void }) => {
  const { t } = useTranslation()
  const [login, setLogin] = useState(fixedLogin ?? '')
  const [password, setPassword] = useState('')
  const [capsLock, setCapsLock] = useState(false)
  const act = useMutation({
    mutationFn: () => signIn(login.trim(), password),
    onSuccess: onSignedIn,
    onError: () => setPassword(''),
    gcTime: 0,
  })
  const watchCaps = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'))
  return (
    <form
      className='stack'
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate()
      }}
    >
      {act.isError ? <ErrorNote error={act.error} /> : null}
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
      <Button type='primary' htmlType='submit' size='large' block loading={act.isPending} disabled={login.trim() === '' || password === ''}>
        {t('signIn.act')}
      </Button>
    </form>
  )
}
