import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Card } from '../../ui/Card.tsx'
import { EffectList } from './EffectList.tsx'
import type { HolderEffect } from './holdersOf.ts'

const shown = 8

/** What would change for whoever has the role, before it is saved: person by person, for their other roles count too. */
export const HoldersCard = ({ holders, changed }: { holders: readonly HolderEffect[]; changed: boolean }) => {
  const { t } = useTranslation()
  const title = holders.length === 0 ? t('roles.noHolders') : t('roles.effect', { count: holders.length })
  if (holders.length === 0) return <p className='small quiet'>{t('roles.effectNone')}</p>
  return (
    <Card title={title}>
      <ul className='stack tight'>
        {holders.slice(0, shown).map(({ person, effects, alone }) => (
          <li key={person.id} className='holder'>
            <Link to={`/people/${person.id}`} target={changed ? '_blank' : undefined}>
              {person.name ?? person.login}
            </Link>
            <div className='small'>
              <EffectList effects={effects} same={t(changed && !alone ? 'roles.effectSameWhy' : 'roles.effectSame')} />
            </div>
          </li>
        ))}
      </ul>
      {holders.length > shown ? <p className='small quiet'>{t('roles.effectOther', { count: holders.length - shown })}</p> : null}
    </Card>
  )
}
