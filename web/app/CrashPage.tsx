import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useRouteError } from 'react-router'
import { ErrorNote, Trouble } from '../ui/Trouble.tsx'
import { ApiError } from './apiError.ts'
import { Outside } from './Outside.tsx'

/** What stands in place of a page that failed. Never shows the error's own text, which may hold what the page was about. */
export const CrashPage = ({ inside = false }: { inside?: boolean }) => {
  const { t } = useTranslation()
  const thrown = useRouteError()
  // A page's code could not be fetched: the connection is gone, not the page broken.
  const error =
    thrown instanceof Error && /dynamically imported|preload|module script/i.test(thrown.message)
      ? new ApiError('offline', 0, null)
      : thrown
  const navigate = useNavigate()
  const acts = (
    <>
      <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
      <Button type='text' onClick={() => void navigate('/')}>
        {t('toStart')}
      </Button>
    </>
  )
  const note =
    error instanceof ApiError ? (
      <ErrorNote error={error}>{acts}</ErrorNote>
    ) : (
      <Trouble title={t('crash.title')}>
        {t('crash.advice')}
        <div className='row' style={{ marginTop: 8 }}>
          {acts}
        </div>
      </Trouble>
    )
  return inside ? (
    <div className='page'>
      <h1 className='unseen'>{t('brand')}</h1>
      {note}
    </div>
  ) : (
    <Outside title={t('brand')}>{note}</Outside>
  )
}
