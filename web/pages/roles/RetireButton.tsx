import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ApiError } from '../../app/apiError.ts'
import { type RoleInfo, rolesKey } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { leavingSaved } from '../../catalogue/useUnsavedGuard.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'

/** Retires a role that nobody holds; where somebody does, it says so before. */
export const RetireButton = ({ info, name }: { info: RoleInfo; name: string }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const retire = useMutation({
    mutationFn: () => request('DELETE', `/api/roles/${info.id}`, { body: { version: info.version } }),
    onSuccess: () => {
      say(t('roles.retired'))
      void navigate('/roles', { state: leavingSaved })
      void client.invalidateQueries({ queryKey: rolesKey })
    },
    gcTime: 0,
  })
  const refusedFor =
    retire.error instanceof ApiError && retire.error.code === 'role_in_use' ? Number(retire.error.details['holders']) : null
  const holders = refusedFor ?? info.holders
  return (
    <>
      <Button danger onClick={() => setAsking(true)}>
        {t('roles.retire')}
      </Button>
      <Modal
        open={asking}
        width={440}
        title={t('roles.retireAsk', { name })}
        okText={t('roles.retire')}
        okButtonProps={{ danger: true, disabled: holders > 0 }}
        cancelText={t('cancel')}
        confirmLoading={retire.isPending}
        onOk={() => retire.mutate()}
        onCancel={() => {
          setAsking(false)
          retire.reset()
        }}
      >
        <div className='stack tight'>
          {holders > 0 ? <Trouble tone='warn' title={t('roles.inUse', { count: holders })} /> : <p>{t('roles.retireWhat')}</p>}
          {retire.isError && refusedFor === null ? <ErrorNote error={retire.error} /> : null}
        </div>
      </Modal>
    </>
  )
}
