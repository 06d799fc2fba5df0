import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import '../exports/exports.css'
import '../people/people.css'
import { ProgramCard } from './ProgramCard.tsx'
import { usePrograms } from './programs.ts'
import './programs.css'
import { RegisterDialog } from './RegisterDialog.tsx'

/** The programs that may ask: who answers for each, what for, what they hold and which tokens they have. */
export const ProgramsPage = () => {
  const { t } = useTranslation()
  const manages = useDuty('access.manage')
  const [registering, setRegistering] = useState(false)
  const { data, error, refetch } = usePrograms()
  const act = manages ? (
    <Button type='primary' icon={<Icon name='plus' size={16} />} onClick={() => setRegistering(true)}>
      {t('programs.register')}
    </Button>
  ) : null
  return (
    <Page title={t('nav.programs')} sub={t('programs.sub')} actions={data && data.length > 0 ? act : null}>
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {error && !data ? null : data === undefined ? (
        <div className='card'>
          <Bones widths={[60, 80, 70]} />
        </div>
      ) : data.length === 0 ? (
        <div className='card'>
          <Empty icon='globe' title={t('programs.none.title')} actions={act}>
            {t('programs.none.advice')}
          </Empty>
        </div>
      ) : (
        <div className='stack'>
          {data.map((program) => (
            <ProgramCard key={program.id} program={program} />
          ))}
        </div>
      )}
      {registering ? <RegisterDialog onClose={() => setRegistering(false)} /> : null}
    </Page>
  )
}
