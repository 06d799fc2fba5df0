import { useTranslation } from 'react-i18next'

/** The mark: absorbing wedges of an anechoic chamber. */
export const Mark = ({ size = 26 }: { size?: number }) => (
  <svg className='mark' width={size} height={size} viewBox='0 0 26 26' aria-hidden='true' focusable='false'>
    <rect width='26' height='26' rx='7' />
    <path d='M5 20 9 7l4 13 4-13 4 13z' />
  </svg>
)

/** Mark and name. */
export const Brand = () => {
  const { t } = useTranslation()
  return (
    <span className='brand'>
      <Mark />
      {t('brand')}
    </span>
  )
}
