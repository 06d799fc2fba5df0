import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Brand } from '../ui/Brand.tsx'
import { Icon } from '../ui/Icon.tsx'
import { chooseLanguage } from '../messages/load.ts'
import { chooseTheme, useLanguage, useTheme } from './preferences.ts'

/** The frame of pages outside the shell: brand, one column, and the two switches a stranger may need. */
export const Outside = ({
  title,
  sub,
  wide = false,
  children,
}: {
  title: string
  sub?: ReactNode
  wide?: boolean
  children: ReactNode
}) => {
  const { t } = useTranslation()
  const { mode } = useTheme()
  const language = useLanguage()
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`
  }, [title, t])
  return (
    <div className='outside'>
      <header>
        <Brand />
        <div className='row'>
          <button
            type='button'
            className='chip'
            lang={language === 'en' ? 'zh-CN' : 'en'}
            onClick={() => void chooseLanguage(language === 'en' ? 'zh-CN' : 'en')}
          >
            <Icon name='globe' size={15} />
            {language === 'en' ? '中文' : 'English'}
          </button>
          <button type='button' className='chip' onClick={() => chooseTheme(mode === 'dark' ? 'light' : 'dark')}>
            <Icon name={mode === 'dark' ? 'sun' : 'moon'} size={15} />
            {mode === 'dark' ? t('theme.light') : t('theme.dark')}
          </button>
        </div>
      </header>
      <main className={wide ? 'wide' : ''}>
        <h1>{title}</h1>
        {sub ? <p className='sub'>{sub}</p> : null}
        {children}
      </main>
      <footer>{t('outside.promise')}</footer>
    </div>
  )
}
