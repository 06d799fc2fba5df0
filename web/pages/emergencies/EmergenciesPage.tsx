import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { emergencyMinutes, emergencyReviewDays } from '../../../domain/access/emergency.ts'
import { useScope } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { useNow } from '../../ui/useNow.ts'
import '../exports/exports.css'
import '../people/people.css'
import { AskDialog } from './AskDialog.tsx'
import { type Emergency, phaseOf, pressing, useEmergencies } from './emergencies.ts'
import { EmergencyItem } from './EmergencyItem.tsx'

/** Emergencies: asking for an hour, agreeing to it, and looking into it afterwards; what is overdue stands on top. */
export const EmergenciesPage = () => {
  const { t } = useTranslation()
  const mayAsk = useScope('customer').rows.kind !== 'none'
  const [asking, setAsking] = useState(false)
  const { data, error, refetch } = useEmergencies()
  const now = useNow()
  const rank = (one: Emergency): number => pressing.indexOf(phaseOf(one, now))
  const todo = data?.filter((one) => rank(one) >= 0).toSorted((a, b) => rank(a) - rank(b) || b.askedAt.localeCompare(a.askedAt)) ?? []
  const past = data?.filter((one) => rank(one) < 0) ?? []
  const overdue = todo.filter(({ overdue: is }) => is).length
  const act = mayAsk ? (
    <Button type='primary' onClick={() => setAsking(true)}>
      {t('emergencies.ask')}
    </Button>
  ) : null
  const list = (items: readonly Emergency[]) => (
    <ul className='lines'>
      {items.map((one) => (
        <EmergencyItem key={one.id} one={one} />
      ))}
    </ul>
  )
  return (
    <Page
      title={t('nav.emergencies')}
      sub={t('emergencies.sub', { minutes: emergencyMinutes })}
      actions={data && data.length > 0 ? act : null}
    >
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {overdue > 0 ? (
        <div style={{ marginBottom: 16 }}>
          <Trouble tone='warn' title={t('emergencies.overdue', { count: overdue })}>
            {t('emergencies.overdueWhat', { days: emergencyReviewDays })}
          </Trouble>
        </div>
      ) : null}
      {error && !data ? null : data === undefined ? (
        <div className='card'>
          <Bones widths={[60, 80, 70]} />
        </div>
      ) : data.length === 0 ? (
        <div className='card'>
          <Empty icon='shield' title={t('emergencies.none.title')} actions={act}>
            {t('emergencies.none.advice')}
          </Empty>
        </div>
      ) : (
        <div className='stack'>
          <Card title={t('emergencies.now')}>{todo.length > 0 ? list(todo) : <p className='quiet'>{t('emergencies.nothingNow')}</p>}</Card>
          {past.length > 0 ? <Card title={t('emergencies.past')}>{list(past)}</Card> : null}
        </div>
      )}
      {asking ? <AskDialog onClose={() => setAsking(false)} /> : null}
    </Page>
  )
}
