import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'
import { Trouble } from '../../ui/Trouble.tsx'

/** How somebody who was just hired signs in the first time: the login, and the invented password, which is shown this once. */
export const FirstPassword = ({ login, password }: { login: string; password: string | null }) => {
  const { t } = useTranslation()
  return (
    <div className='stack' style={{ padding: '6px 0 10px' }}>
      <dl className='facts'>
        <dt>{t('addPerson.login')}</dt>
        <dd className='mono'>{login}</dd>
        {password === null ? null : (
          <>
            <dt>{t('addPerson.password')}</dt>
            <dd className='row'>
              <b className='mono first-password'>{password}</b>
              <Button
                size='small'
                icon={<Icon name='copy' size={14} />}
                onClick={() => void navigator.clipboard.writeText(password).then(() => say(t('addPerson.copied')))}
              >
                {t('addPerson.copy')}
              </Button>
            </dd>
          </>
        )}
      </dl>
      {password === null ? null : (
        <Trouble tone='warn' title={t('addPerson.once')}>
          {t('addPerson.onceAdvice')}
        </Trouble>
      )}
    </div>
  )
}
