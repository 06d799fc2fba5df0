import { Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useLocation } from 'react-router'
import { Icon } from '../ui/Icon.tsx'
import { ForAWhile } from './ForAWhile.tsx'
import { openFinder } from './finder.ts'
import { lockNow } from './lock.ts'
import { placesFor } from './navigation.ts'
import { Preferences } from './Preferences.tsx'
import { useActor, useScope, useSignOut } from './session.ts'

/** The bottom bar of phones: the daily places by name, and the rest one touch further. */
export const Dock = () => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  const signOut = useSignOut()
  const places = placesFor(useActor())
  const seesCustomers = useScope('customer').rows.kind !== 'none'
  const first = places.slice(0, 2)
  const rest = places.slice(2)
  useEffect(() => setOpen(false), [pathname])
  return (
    <>
      <nav className='dock' aria-label={t('nav.dock')}>
        {first.map((place) => (
          <NavLink key={place.to} to={place.to}>
            <Icon name={place.icon} size={22} />
            {t(`nav.${place.words}`)}
          </NavLink>
        ))}
        <button type='button' onClick={() => openFinder()}>
          <Icon name='search' size={22} />
          {t('nav.find')}
        </button>
        <button type='button' aria-expanded={open} onClick={() => setOpen(true)}>
          <Icon name='more' size={22} />
          {t('nav.more')}
        </button>
      </nav>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement='bottom'
        size='auto'
        title={t('nav.more')}
        styles={{ body: { padding: '4px 14px 24px' } }}
      >
        <div className='sheet'>
          {rest.map((place) => (
            <NavLink key={place.to} to={place.to}>
              <Icon name={place.icon} size={20} />
              {t(`nav.${place.words}`)}
            </NavLink>
          ))}
          <ForAWhile />
          <NavLink to='/stand-in'>
            <Icon name='swap' size={20} />
            {t('nav.standIn')}
          </NavLink>
          {seesCustomers && !rest.some(({ words }) => words === 'emergencies') ? (
            <NavLink to='/emergencies'>
              <Icon name='warn' size={20} />
              {t('nav.emergencies')}
            </NavLink>
          ) : null}
          <NavLink to='/security'>
            <Icon name='shield' size={20} />
            {t('nav.security')}
          </NavLink>
          <button type='button' className='line' onClick={lockNow}>
            <Icon name='lock' size={20} />
            {t('lock.now')}
          </button>
          <Preferences />
          <button type='button' className='line' onClick={() => void signOut()}>
            <Icon name='exit' size={20} />
            {t('signOut')}
          </button>
        </div>
      </Drawer>
    </>
  )
}
