import { useQueryClient } from '@tanstack/react-query'
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { SignInForm } from '../pages/SignInForm.tsx'
import { sessionKey, useSignOut } from './session.ts'

/** Over whatever page it was: the session ended, sign in to go on. Nothing typed is lost. */
export const SignInAgain = ({ login, onDone }: { login: string; onDone: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const signOut = useSignOut()
  return (
    <Modal open title={t('signInAgain.title')} footer={null} closable={false} keyboard={false} mask={{ closable: false }} width={400}>
      <p className='quiet' style={{ marginBottom: 14 }}>
        {t('signInAgain.sub')}
      </p>
      <SignInForm
        fixedLogin={login}
        onSignedIn={(session) => {
          client.setQueryData(sessionKey, session)
          void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.state.status === 'error' })
          onDone()
        }}
      />
      <button type='button' className='chip bare' style={{ marginTop: 10 }} onClick={() => void signOut()}>
        {t('signInAgain.other')}
      </button>
    </Modal>
  )
}
