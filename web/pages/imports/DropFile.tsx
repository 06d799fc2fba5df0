import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/Icon.tsx'

/** Where a file is dropped or chosen. */
export const DropFile = ({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) => {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping is the mouse's way; the input inside is everybody's
    <label
      className='drop'
      data-over={over}
      aria-busy={busy}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (file && !busy) onFile(file)
      }}
    >
      <Icon name='upload' size={34} />
      <b style={{ color: 'var(--ink)', fontSize: 16 }}>{busy ? t('imports.reading') : t('imports.drop')}</b>
      <span>{t('imports.kinds')}</span>
      <span className='small faint'>{t('imports.limits')}</span>
      <input
        className='unseen'
        type='file'
        accept='.csv,.tsv,.txt,.vcf,text/csv,text/vcard'
        disabled={busy}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) onFile(file)
          event.target.value = ''
        }}
      />
    </label>
  )
}
