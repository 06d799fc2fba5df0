import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportStatus } from '../../app/contract.ts'
import { Trouble } from '../../ui/Trouble.tsx'

/** Shows a passphrase that nobody can be told again. It lives in this dialog only. */
export const PassphraseDialog = ({ passphrase, of, onClose }: { passphrase: string; of: ExportStatus; onClose: () => void }) => {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <Modal
      open
      title={t('exports.passphrase')}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type='primary' onClick={onClose}>
          {t('exports.done')}
        </Button>
      }
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        <div className='row apart passphrase'>
          <output className='mono' aria-label={t('exports.passphrase')}>
            {passphrase}
          </output>
          <Button onClick={() => void navigator.clipboard.writeText(passphrase).then(() => setCopied(true))}>
            {copied ? t('exports.copied') : t('exports.copy')}
          </Button>
        </div>
        <Trouble tone='warn' title={t('exports.passphraseOnce')}>
          {t('exports.passphraseWhat')}
        </Trouble>
        <p className='quiet small'>{of.lock === 'password' ? t('exports.howPassword') : t('exports.howAge', { file: of.fileName })}</p>
      </div>
    </Modal>
  )
}
