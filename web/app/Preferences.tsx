import { Segmented } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '../messages/load.ts'
import { chooseTheme, type Language, type Theme, useLanguage, useTheme } from './preferences.ts'

/** Language and theme. */
export const Preferences = () => {
  const { t } = useTranslation()
  const { theme } = useTheme()
  const language = useLanguage()
  const id = useId()
  return (
    <>
      <div className='pick'>
        <span className='small faint' id={`${id}l`}>
          {t('language')}
        </span>
        <Segmented<Language>
          block
          aria-labelledby={`${id}l`}
          value={language}
          options={[
            { value: 'zh-CN', label: <span lang='zh-CN'>中文</span> },
            { value: 'en', label: <span lang='en'>English</span> },
          ]}
          onChange={(value) => void chooseLanguage(value)}
        />
      </div>
      <div className='pick'>
        <span className='small faint' id={`${id}t`}>
          {t('theme.label')}
        </span>
        <Segmented<Theme>
          block
          aria-labelledby={`${id}t`}
          value={theme}
          options={[
            { value: 'system', label: t('theme.system') },
            { value: 'light', label: t('theme.light') },
            { value: 'dark', label: t('theme.dark') },
          ]}
          onChange={chooseTheme}
        />
      </div>
    </>
  )
}
