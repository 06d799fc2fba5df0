import { Popover } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { roleName } from '../../domain/policy/roleLabels.ts'
import { Icon } from '../ui/Icon.tsx'
import { useDirectory } from './directory.ts'
import { openFinder } from './finder.ts'
import { lockNow } from './lock.ts'
import { NoticeMenu } from './NoticeMenu.tsx'
import { Guard } from './Guard.tsx'
import { ForAWhile } from './ForAWhile.tsx'
import { Preferences } from './Preferences.tsx'
import { useActor, useScope, useSignOut } from './session.ts'

const UserMenu = () => {
  const { t, i18n } = useTranslation()
  const language = i18n.language === 'en' ? 'en' : 'zh'
  const [open, setOpen] = useState(false)
  const actor = useActor()
  const seesCustomers = useScope('customer').rows.kind !== 'none'
  const { pathname } = useLocation()
  const signOut = useSignOut()
  const staff = useDirectory('staff')
  const stores = useDirectory('store')
  const name = actor.name ?? staff.nameOf(actor.staffId) ?? actor.login
  const [first, ...others] = actor.storeIds.map((id) => stores.nameOf(id)).filter((store) => store !== null)
  const place = first !== undefined && others.length > 0 ? t('storesOf', { first, count: others.length + 1 }) : first
  useEffect(() => setOpen(false), [pathname])
  const menu = (
    <div className='menu sheet' role='dialog' aria-label={`${t('userMenu')}${name}`}>
      <div className='who'>
        <b>{name}</b>
        <div className='small faint'>
          {actor.login} ·{' '}
          {[...new Set(actor.standings.map(({ roleId, name: own }) => roleName(roleId, language, own)))].join(t('listComma'))}
        </div>
        <ForAWhile />
      </div>
      <Preferences />
      <Link to='/stand-in'>
        <Icon name='swap' />
        {t('nav.standIn')}
      </Link>
      {seesCustomers ? (
        <Link to='/emergencies'>
          <Icon name='warn' />
          {t('nav.emergencies')}
        </Link>
      ) : null}
      <Link to='/security'>
        <Icon name='shield' />
        {t('nav.security')}
      </Link>
      <button type='button' className='line' aria-keyshortcuts='Alt+Shift+L' onClick={lockNow}>
        <Icon name='lock' />
        {t('lock.now')}
      </button>
      <button type='button' className='line' onClick={() => void signOut()}>
        <Icon name='exit' />
        {t('signOut')}
      </button>
    </div>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger='click' placement='bottomRight' content={menu} arrow={false}>
      <button type='button' className='me' aria-expanded={open}>
        <span className='unseen'>{t('userMenu')}</span>
        <span className='ava' aria-hidden='true'>
          {Array.from(name)[0]}
        </span>
        <span className='name'>
          {name}
          {place ? ` · ${place}` : ''}
        </span>
        <Icon name='down' size={12} />
      </button>
    </Popover>
  )
}

/** The bar on top: the finder, the guard, the person. */
export const TopBar = () => {
  const { t } = useTranslation()
  const findsPeople = useScope('customer').rows.kind !== 'none'
  return (
    <header className='bar'>
      <button type='button' className='find' onClick={() => openFinder()} aria-keyshortcuts='Control+K /'>
        <Icon name='search' size={17} />
        <span className='clip'>{t(findsPeople ? 'finder.placeholder' : 'finder.places.placeholder')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <div className='end'>
        <Guard />
        <NoticeMenu />
        <UserMenu />
      </div>
    </header>
  )
}
