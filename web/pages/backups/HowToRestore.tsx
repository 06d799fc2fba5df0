import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/Card.tsx'

const steps = ['machine', 'kit', 'command', 'start', 'after'] as const

/** What to do when this computer is gone, step by step; the page can be printed and kept beside the kit. */
export const HowToRestore = () => {
  const { t } = useTranslation()
  return (
    <Card title={t('backups.how.title')} aside={t('backups.how.aside')}>
      <ol className='restore-steps'>
        {steps.map((step) => (
          <li key={step}>
            <b>{t(`backups.how.${step}.do`)}</b>
            <p className='quiet'>{t(`backups.how.${step}.how`)}</p>
            {step === 'command' ? (
              <code className='command'>
                npm run -s anechoic -- restore --from {t('backups.how.folder')} --kit-dir {t('backups.how.kitFolder')}
              </code>
            ) : null}
            {step === 'start' ? <code className='command'>npm start</code> : null}
          </li>
        ))}
      </ol>
    </Card>
  )
}
