import { useTranslation } from 'react-i18next'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { CodeCard } from './CodeCard.tsx'
import { IdentityCard } from './IdentityCard.tsx'
import { PasskeysCard } from './PasskeysCard.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { PinCard } from './PinCard.tsx'
import { RecoveryCard } from './RecoveryCard.tsx'
import './security.css'
import { SessionsCard } from './SessionsCard.tsx'
import { useSecurity } from './useSecurity.ts'

/** Characters of a password, beside a second factor and alone (NIST SP 800-63B-4). */
const least = { beside: 8, only: 15 } as const

/** One's own security: what one signs in with, where one is signed in. */
export const SecurityPage = () => {
  const { t } = useTranslation()
  const { data, error } = useSecurity()
  if (!data)
    return (
      <Page title={t('nav.security')} sub={t('security.sub')}>
        <div className='card narrow'>{error ? <ErrorNote error={error} /> : <Bones />}</div>
      </Page>
    )
  const second = data.passkeys.length > 0 || data.code !== null
  return (
    <Page title={t('nav.security')} sub={t('security.sub')}>
      <div className='security'>
        {data.factorDue ? (
          <Trouble tone='warn' title={t('security.due', { at: formatInstant(data.factorDue) })}>
            {t('security.dueHow')}
          </Trouble>
        ) : null}
        {second && data.recoveryLeft === 0 ? (
          <Trouble tone='info' title={t('security.recovery.none')}>
            {t('security.recovery.noneWhy')}
          </Trouble>
        ) : null}
        <PasskeysCard passkeys={data.passkeys} />
        <CodeCard code={data.code} />
        {second ? <RecoveryCard left={data.recoveryLeft} /> : null}
        <Card
          title={t('security.password.title')}
          aside={data.password ? t('security.since', { at: formatInstant(data.password.setAt) }) : t('security.password.none')}
        >
          <PasswordForm hasPassword={data.password !== null} least={second ? least.beside : least.only} />
        </Card>
        <IdentityCard />
        {data.deviceId ? <PinCard hasPin={data.hasPin} /> : null}
        <SessionsCard passkeys={data.passkeys} />
      </div>
    </Page>
  )
}
