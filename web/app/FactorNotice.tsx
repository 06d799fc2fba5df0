import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { formatInstant } from '../ui/formatTime.ts'
import { Icon } from '../ui/Icon.tsx'
import { useSession } from './session.ts'

/** The calm line that says until when a second step is to be set up, while there still is time. */
export const FactorNotice = () => {
  const { t } = useTranslation()
  const { factorDue } = useSession()
  const { pathname } = useLocation()
  if (!factorDue || pathname === '/security') return null
  return (
    <div className='notice' data-tone='info'>
      <Icon name='shield' />
      <span>
        {t('security.due', { at: formatInstant(factorDue) })}{' '}
        <Link to='/security' style={{ textDecoration: 'underline' }}>
          {t('security.setUp')}
        </Link>
      </span>
    </div>
  )
}
