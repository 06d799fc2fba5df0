import { Button } from 'antd'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Bones } from '../ui/Bones.tsx'
import { Outside } from './Outside.tsx'
import { useSignOut } from './session.ts'
import { useStepUp } from './stepUp.ts'

const PasswordForm = lazy(async () => ({ default: (await import('../pages/security/PasswordForm.tsx')).PasswordForm }))
const EnrolFactor = lazy(async () => ({ default: (await import('../pages/security/EnrolFactor.tsx')).EnrolFactor }))
const StepUpDialog = lazy(async () => ({ default: (await import('./StepUpDialog.tsx')).StepUpDialog }))

/** What has to be done before anything else: a password of one's own, or a second step to sign in. */
export const OwedStep = ({ owes }: { owes: 'password' | 'factor' }) => {
  const { t } = useTranslation()
  const signOut = useSignOut()
  const stepUp = useStepUp()
  return (
    <Outside title={t(`owed.${owes}.title`)} sub={t(`owed.${owes}.sub`)} wide={owes === 'factor'}>
      <Suspense fallback={<Bones />}>
        {owes === 'password' ? <PasswordForm hasPassword least={15} /> : <EnrolFactor />}
        {stepUp ? <StepUpDialog ways={stepUp.ways} onDone={stepUp.answer} /> : null}
      </Suspense>
      <Button type='text' onClick={() => void signOut()}>
        {t('signOut')}
      </Button>
    </Outside>
  )
}
