import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { Brand } from '../ui/Brand.tsx'
import { Icon } from '../ui/Icon.tsx'
import { placesFor } from './navigation.ts'
import { fetchState, stateKey, useActor } from './session.ts'

/** The side navigation of wide screens. */
export const SideNav = () => {
  const { t } = useTranslation()
  const places = placesFor(useActor())
  const { data: state } = useQuery({ queryKey: stateKey, queryFn: fetchState, staleTime: 30_000 })
  return (
    <nav className='side' aria-label={t('nav.label')}>
      <Brand />
      {(['work', 'guard'] as const).map((group) => {
        const inGroup = places.filter((place) => place.group === group)
        if (inGroup.length === 0) return null
        return (
          <div key={group}>
            {group === 'guard' ? <h2>{t('nav.guard')}</h2> : null}
            {inGroup.map((place) => (
              <NavLink key={place.to} to={place.to}>
                <Icon name={place.icon} />
                {t(`nav.${place.words}`)}
              </NavLink>
            ))}
          </div>
        )
      })}
      <div className='foot'>
        {state?.company ? <div className='clip'>{state.company}</div> : null}
        {state ? t('version', { version: state.version }) : null}
      </div>
    </nav>
  )
}
