import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Navigate, useNavigate, useSearchParams } from 'react-router'
import { Outside } from '../app/Outside.tsx'
import { fetchSession, fetchState, sessionKey, stateKey } from '../app/session.ts'
import { uncoverScreen } from '../app/lock.ts'
import { Trouble } from '../ui/Trouble.tsx'
import { SignInForm } from './SignInForm.tsx'

/** Only a path of this site: an address from outside must not become where sign-in leads. */
const safeNext = (next: string | null): string => (next && /^\/(?![/\\])/.test(next) ? next : '/')

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
      <p className='faint small center'>{t('signIn.help')}</p>
    </Outside>
  )
}
