import { useTranslation } from 'react-i18next'
import { Trouble } from './Trouble.tsx'

/** Says which records of a page do not open: nothing of them is known but their number. Nothing when all do. */
export const DamagedNote = ({ ids }: { ids: readonly string[] | undefined }) => {
  const { t } = useTranslation()
  if (!ids || ids.length === 0) return null
  return (
    <div style={{ marginBottom: 12 }}>
      <Trouble title={t('damaged.title', { count: ids.length })}>
        {t('damaged.advice')}
        <div className='mono small'>{ids.join(', ')}</div>
      </Trouble>
    </div>
  )
}
