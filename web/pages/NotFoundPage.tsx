import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Empty } from '../ui/Empty.tsx'
import { Page } from '../ui/Page.tsx'

/** An address that leads nowhere. */
export const NotFoundPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <Page title={t('notFound.title')}>
      <div className='card'>
        <Empty
          icon='search'
          title={t('notFound.what')}
          actions={
            <Button type='primary' onClick={() => void navigate('/')}>
              {t('toStart')}
            </Button>
          }
        >
          {t('notFound.advice')}
        </Empty>
      </div>
    </Page>
  )
}
