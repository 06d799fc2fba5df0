import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { Outside } from '../app/Outside.tsx'
import { fetchSession, fetchState, sessionKey, stateKey } from '../app/session.ts'
import { uncoverScreen } from '../app/lock.ts'
import { safeNext } from '../app/safeNext.ts'
import { goToProvider } from '../app/singleSignOn.ts'
import { ErrorNote, Trouble } from '../ui/Trouble.tsx'
import { SignInForm } from './SignInForm.tsx'

/** Sign-in. */
export const SignInPage = () => {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const client = useQueryClient()
  const session = useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: 60_000 })
  const { data: state } = useQuery({ queryKey: stateKey, queryFn: fetchState, staleTime: 30_000 })
  const next = safeNext(params.get('next'))
  const isOther = params.has('other')
  const leave = useMutation({ mutationFn: () => goToProvider({ kind: 'sign_in', next }), gcTime: 0 })
  if (session.data && !isOther) return <Navigate to={next} replace />
  return (
    <Outside title={t('signIn.title')} sub={state?.company}>
      {params.has('lost') ? (
        <Trouble tone='info' title={t('errors.device_lost.title')}>
          {t('errors.device_lost.advice')}
        </Trouble>
      ) : null}
      <SignInForm
        onSignedIn={(started) => {
          client.setQueryData(sessionKey, started)
          uncoverScreen(started.actor.staffId)
          void navigate(next, { replace: true })
        }}
      />
      {leave.isError ? <ErrorNote error={leave.error} /> : null}
      {state?.singleSignOn ? (
        <Button size='large' block loading={leave.isPending || leave.isSuccess} onClick={() => leave.mutate()}>
          {t('signIn.sso', { name: state.singleSignOn })}
        </Button>
      ) : null}
      <p className='faint small center'>{t('signIn.help')}</p>
    </Outside>
  )
}
