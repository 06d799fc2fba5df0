import { useTranslation } from 'react-i18next'
import { Highlight } from '../ui/Highlight.tsx'

/** A masked value, unmistakably so: what stays readable stands beside dots, and a screen reader hears that the rest is hidden. */
export const MaskedText = ({ text, query = '' }: { text: string; query?: string }) => {
  const { t } = useTranslation()
  const [before = '', after = ''] = text.split('••••')
  return (
    <span className='masked'>
      <span className='seen'>
        <Highlight text={before} query={query} />
      </span>
      <i aria-hidden='true'>••••</i>
      <span className='unseen'>{t('hiddenPart')}</span>
      <Highlight text={after} query={query} />
    </span>
  )
}
