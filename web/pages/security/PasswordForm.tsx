import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldProblems } from '../../app/apiError.ts'
import { request } from '../../app/request.ts'
import { Field } from '../../ui/Field.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useSecurityAct } from './useSecurity.ts'

/** Returns words for what is wrong with a field, or null. */
export const useFieldProblem = (error: unknown): ((field: string) => string | null) => {
  const { t } = useTranslation()
  return (field) => {
    const found = fieldProblems(error).find((one) => one.field === field)
    return found ? t(`problems.${found.problem}` as 'problems.required', { defaultValue: t('problems.other') }) : null
  }
}

/** A new password for oneself; with the old one, unless one has none. */
export const PasswordForm = ({ hasPassword, least, onDone }: { hasPassword: boolean; least: number; onDone?: () => void }) => {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const act = useSecurityAct(async () => {
    await request('PUT', '/api/me/password', { body: { ...(current === '' ? {} : { current }), password } })
    setCurrent('')
    setPassword('')
    onDone?.()
  }, t('security.password.changed'))
  const problem = useFieldProblem(act.error)
  return (
    <form
      className='stack'
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate(undefined)
      }}
    >
      {act.isError && fieldProblems(act.error).length === 0 ? <ErrorNote error={act.error} /> : null}
      {hasPassword ? (
        <Field label={t('security.password.current')} problem={problem('current')}>
          {(ties) => (
            <Input.Password
              {...ties}
              value={current}
              autoComplete='current-password'
              maxLength={128}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
      ) : null}
      <Field label={t('security.password.new')} hint={t('security.password.rule', { count: least })} problem={problem('password')}>
        {(ties) => (
          <Input.Password
            {...ties}
            value={password}
            autoComplete='new-password'
            maxLength={128}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type='primary' htmlType='submit' disabled={password === '' || (hasPassword && current === '')} loading={act.isPending}>
          {t('security.password.act')}
        </Button>
      </div>
    </form>
  )
}
