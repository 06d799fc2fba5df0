import { Modal } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocker } from 'react-router'

/** Navigation state of a page that leaves because it has just saved: there is nothing to ask. */
export const leavingSaved = 'saved'

/** Asks before leaving a page with unsaved changes, by link, Back or closing the tab; `onLeave` when they are given up. Returns the question's dialog. */
export const useUnsavedGuard = (dirty: boolean, onLeave?: () => void): ReactNode => {
  const { t } = useTranslation()
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && currentLocation.pathname !== nextLocation.pathname && nextLocation.state !== leavingSaved,
  )
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
  return (
    <Modal
      open={blocker.state === 'blocked'}
      title={t('unsaved.title')}
      okText={t('unsaved.stay')}
      cancelText={t('unsaved.leave')}
      cancelButtonProps={{ danger: true }}
      onOk={() => blocker.reset?.()}
      onCancel={(event) => {
        if (!(event.target as Element).closest?.('.ant-modal-footer')) return blocker.reset?.()
        onLeave?.()
        blocker.proceed?.()
      }}
      width={420}
    >
      {t('unsaved.what')}
    </Modal>
  )
}
