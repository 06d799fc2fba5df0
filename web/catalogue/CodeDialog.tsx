import { useMutation } from '@tanstack/react-query'
import { Button, Modal, QRCode, theme } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../app/request.ts'
import { formatInstant } from '../ui/formatTime.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import { isHandheld, type Usable } from './carryOut.ts'

/** Milliseconds a code stays on a screen that others may look at. */
const shownMs = 120_000

type CodeDialogProps = { usable: Usable; use: 'call' | 'message'; onNote: (() => void) | null; onClose: () => void }

const RelayNote = ({ usable: { value, until, binding }, onEnded }: { usable: Usable; onEnded: () => void }) => {
  const { t } = useTranslation()
  const end = useMutation({ mutationFn: () => request('POST', '/api/relay/end', { body: { binding } }), onSuccess: onEnded, gcTime: 0 })
  return (
    <div className='stack tight center'>
      <b className='relay-number'>{formatPhone(value.replace(/^tel:/, ''))}</b>
      <span className='faint small'>{t('uses.relayUntil', { at: formatInstant(until).slice(-5) })}</span>
      <button type='button' className='chip' style={{ justifySelf: 'center' }} disabled={end.isPending} onClick={() => end.mutate()}>
        {t('uses.relayEnd')}
      </button>
      {end.isError ? <ErrorNote error={end.error} /> : null}
    </div>
  )
}

/** Shows a call or a message as a code for the phone that lies on the desk: the number itself is not displayed, unless it is a relay's. */
export const CodeDialog = ({ usable, use, onNote, onClose }: CodeDialogProps) => {
  const { t } = useTranslation()
  const { token } = theme.useToken()
  useEffect(() => {
    const timer = setTimeout(onClose, shownMs)
    return () => clearTimeout(timer)
  })
  const relayed = usable.via === 'relay'
  return (
    <Modal
      open
      width={360}
      title={t(relayed ? 'uses.relayTitle' : use === 'call' ? 'uses.callTitle' : 'uses.messageTitle')}
      onCancel={onClose}
      footer={[
        <Button key='close' onClick={onClose}>
          {t('close')}
        </Button>,
        ...(onNote
          ? [
              <Button key='note' type='primary' onClick={onNote}>
                {t('uses.note')}
              </Button>,
            ]
          : []),
      ]}
    >
      <div className='stack center code' style={{ padding: '8px 0' }}>
        {relayed && isHandheld() ? (
          <Button type='primary' href={usable.value} icon={<Icon name='call' size={16} />}>
            {t('uses.call')}
          </Button>
        ) : (
          <div>
            <QRCode
              value={usable.value}
              type='canvas'
              aria-label={t('uses.code')}
              size={220}
              color='#000000'
              bgColor='#ffffff'
              bordered={false}
              style={{ borderRadius: token.borderRadiusLG, padding: 12 }}
            />
          </div>
        )}
        {relayed ? <RelayNote usable={usable} onEnded={onClose} /> : null}
        <p className='quiet small'>{t(relayed ? 'uses.relayHint' : use === 'call' ? 'uses.callHint' : 'uses.messageHint')}</p>
      </div>
    </Modal>
  )
}
