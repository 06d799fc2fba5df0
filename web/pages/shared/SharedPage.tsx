import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { pinDigits } from '../../../domain/export/shares.ts'
import type { Shared } from '../../app/contract.ts'
import { Outside } from '../../app/Outside.tsx'
import { postForFile, request } from '../../app/request.ts'
import { saveFile } from '../../app/saveFile.ts'
import { Field } from '../../ui/Field.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import './shared.css'

/** Repeated across the page, so that a photograph of any part of it says whose it was. */
const Watermark = ({ text }: { text: string }) => (
  <div className='watermark' aria-hidden='true'>
    {Array.from({ length: 60 }, (_, i) => (
      <span key={i}>{text}</span>
    ))}
  </div>
)

type Visit = { token: string; pin: string }

const SharedFile = ({ of, visit }: { of: Shared; visit: Visit }) => {
  const { t } = useTranslation()
  const get = useMutation({
    mutationFn: async () => {
      const { bytes, name } = await postForFile('/api/shared/file', visit)
      saveFile(bytes, name)
    },
    gcTime: 0,
  })
  const file = of.file!
  return (
    <div className='stack tight'>
      <b>{t('shares.file', { count: file.rows })}</b>
      <span className='quiet'>{t(`shares.fileLock.${file.lock}`, { name: of.sharer })}</span>
      {get.isError ? <ErrorNote error={get.error} /> : null}
      <div className='row'>
        <Button
          type='primary'
          icon={<Icon name='download' size={16} />}
          loading={get.isPending}
          disabled={file.fetchesLeft === 0}
          onClick={() => get.mutate()}
        >
          {t('shares.fetch')}
        </Button>
        <span className='small faint'>{t('shares.fetchesLeft', { count: file.fetchesLeft })}</span>
      </div>
    </div>
  )
}

const Opened = ({ of, visit, onClose }: { of: Shared; visit: Visit; onClose: () => void }) => {
  const { t } = useTranslation()
  return (
    <Outside
      title={t('shares.page')}
      sub={`${t('shares.sharedBy', { name: of.sharer })} · ${t('shares.until', { at: formatInstant(of.expiresAt) })}`}
      wide
    >
      <article className='card shared-sheet'>
        <Watermark text={of.watermark} />
        {of.file ? <SharedFile of={of} visit={visit} /> : null}
        <dl>
          {of.items.map(({ label, values }) => (
            <div key={label}>
              <dt>{label}</dt>
              {values.length === 0 ? <dd className='faint'>—</dd> : values.map((value, i) => <dd key={i}>{value}</dd>)}
            </div>
          ))}
        </dl>
        <p className='small quiet'>{of.watermark}</p>
      </article>
      <Trouble tone='info' title={t('shares.pageRule')} />
      <div className='row'>
        <Button onClick={onClose}>{t('shares.close')}</Button>
      </div>
    </Outside>
  )
}

/** What somebody outside sees of a shared link: the PIN first, then what was chosen, with both names across it. Nothing of it is kept by the browser. */
export const SharedPage = () => {
  const { t } = useTranslation()
  const { hash } = useLocation()
  const token = hash.slice(1)
  const [pin, setPin] = useState('')
  const open = useMutation({
    mutationFn: () => request<Shared>('POST', '/api/shared/open', { body: { token, pin }, quiet: true }),
    gcTime: 0,
  })
  if (open.data) {
    return (
      <Opened
        of={open.data}
        visit={{ token, pin }}
        onClose={() => {
          setPin('')
          open.reset()
        }}
      />
    )
  }
  return (
    <Outside title={t('shares.page')} sub={t('shares.pageWhat')}>
      {token === '' ? (
        <Trouble title={t('shares.noLink')} />
      ) : (
        <form
          className='stack'
          onSubmit={(event) => {
            event.preventDefault()
            open.mutate()
          }}
        >
          {open.isError ? <ErrorNote error={open.error} /> : null}
          <Field label={t('shares.pin')} hint={t('shares.pageRule')}>
            {(ties) => (
              <Input
                {...ties}
                autoFocus
                size='large'
                inputMode='numeric'
                autoComplete='off'
                maxLength={pinDigits + 4}
                value={pin}
                onChange={(event) => setPin(event.target.value)}
              />
            )}
          </Field>
          <Button
            type='primary'
            size='large'
            htmlType='submit'
            loading={open.isPending}
            disabled={pin.replaceAll(/\D/g, '').length < pinDigits}
          >
            {t('shares.open')}
          </Button>
        </form>
      )}
    </Outside>
  )
}
