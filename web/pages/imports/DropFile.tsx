import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/Icon.tsx'
import { Progress } from '../../ui/Progress.tsx'

/** Where a file is dropped or chosen. `sent`: which share of the file under way has arrived, null when none is. */
export const DropFile = ({ sent, onFile }: { sent: number | null; onFile: (file: File) => void }) => {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const busy = sent !== null
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
      <b style={{ color: 'var(--ink)', fontSize: 16 }}>
        {sent === null ? t('imports.drop') : sent < 1 ? t('imports.sending', { share: Math.floor(sent * 100) }) : t('imports.reading')}
      </b>
      {sent === null ? (
        <>
          <span>{t('imports.kinds')}</span>
          <span className='small faint'>{t('imports.limits')}</span>
        </>
      ) : (
        <span className='sending'>
          <Progress value={Math.round(sent * 100)} max={100} label={t('imports.reading')} />
        </span>
      )}
      <input
        className='unseen'
        type='file'
        accept='.xlsx,.xlsm,.xls,.csv,.tsv,.txt,.vcf,.vcard,text/csv,text/vcard,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
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
