import { useTranslation } from 'react-i18next'

/** Grey lines where text is about to be. `widths` in percent, one per line. */
export const Bones = ({ widths = [70, 45, 60] }: { widths?: readonly number[] }) => {
  const { t } = useTranslation()
  return (
    <div className='stack' role='status' aria-label={t('loading')}>
      {widths.map((width, i) => (
        <span key={i} className='bone' style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
