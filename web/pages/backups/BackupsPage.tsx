import { useTranslation } from 'react-i18next'
import { useBackups } from '../../app/health.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { type BackupsStatus, formatSize } from './backupsStatus.ts'
import './backups.css'
import { HowToRestore } from './HowToRestore.tsx'
import { LastBackup } from './LastBackup.tsx'

const Listed = ({ items }: Pick<BackupsStatus, 'items'>) => {
  const { t } = useTranslation()
  return (
    <Card title={t('backups.list')} aside={items.length > 0 ? t('backups.count', { count: items.length }) : undefined}>
      {items.length === 0 ? (
        <Empty icon='backup' title={t('backups.none')}>
          {t('backups.noneAdvice')}
        </Empty>
      ) : (
        <ol className='backups'>
          {items.map((item) => (
            <li key={item.name}>
              <div>
                <b>{formatInstant(item.createdAt)}</b>
                <div className='small quiet mono'>{item.name}</div>
              </div>
              <div className='small faint'>
                {t('backups.holds', { count: item.customers })} · {formatSize(item.bytes)} ·{' '}
                {t('backups.version', { version: item.product })}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

/** Backups: when the last one was and where, taking one, those in the folder, and how to restore. */
export const BackupsPage = () => {
  const { t } = useTranslation()
  const { data, error } = useBackups()
  return (
    <Page title={t('nav.backups')} sub={t('backups.sub')}>
      {error ? <ErrorNote error={error} /> : null}
      {data ? (
        <div className='two'>
          <div className='stack'>
            <LastBackup backups={data} />
            {data.problem === null ? <Listed items={data.items} /> : null}
          </div>
          <div className='stack'>
            <HowToRestore />
          </div>
        </div>
      ) : error ? null : (
        <div className='card'>
          <Bones />
        </div>
      )}
    </Page>
  )
}
