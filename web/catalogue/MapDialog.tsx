import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { say } from '../ui/toast.tsx'
import { addressOf, isHandheld, maps } from './carryOut.ts'

/** Asks which map is to show an address. Nothing leaves before one is chosen; then the address goes to that map, and nothing says where it came from. */
export const MapDialog = ({ geo, label, onClose }: { geo: string; label: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const address = addressOf(geo)
  const open = (link: string): void => {
    window.open(link, '_blank', 'noopener,noreferrer')
    onClose()
  }
  return (
    <Modal open width={360} title={t('uses.mapTitle')} onCancel={onClose} footer={null}>
      <div className='stack tight' style={{ padding: '4px 0' }}>
        <p className='quiet small'>{t('uses.mapHint')}</p>
        {isHandheld() ? (
          <Button block type='primary' onClick={() => (window.location.assign(geo), onClose())}>
            {t('uses.maps.own')}
          </Button>
        ) : null}
        {(Object.keys(maps) as (keyof typeof maps)[]).map((name) => (
          <Button key={name} block onClick={() => open(maps[name](address))}>
            {t(`uses.maps.${name}`)}
          </Button>
        ))}
        <Button
          block
          onClick={() => {
            void navigator.clipboard.writeText(address).then(() => say(t('uses.copied', { field: label })))
            onClose()
          }}
        >
          {t('uses.maps.copy')}
        </Button>
      </div>
    </Modal>
  )
}
