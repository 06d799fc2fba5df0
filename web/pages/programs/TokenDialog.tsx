import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longestToken } from '../../../domain/policy/longestToken.ts'
import { ApiError } from '../../app/apiError.ts'
import { request } from '../../app/request.ts'
import { Field } from '../../ui/Field.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { programsKey } from './programs.ts'

type Made = { id: string; token: string; expiresAt: string }

/** Makes a token for a program: what it may, from where, how long; then tells it, this once. */
export const TokenDialog = ({ program, name, onClose }: { program: { id: string }; name: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [readOnly, setReadOnly] = useState(true)
  const [addresses, setAddresses] = useState('')
  const [days, setDays] = useState<number | null>(90)
  const given = addresses.split(/[\s,，;；]+/).filter((one) => one !== '')
  const make = useMutation({
    mutationFn: () => request<Made>('POST', `/api/programs/${program.id}/tokens`, { body: { readOnly, addresses: given, days } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: programsKey }),
    gcTime: 0,
  })
  const made = make.data
  const isBadAddress =
    make.error instanceof ApiError && make.error.code === 'input_invalid' && JSON.stringify(make.error.details).includes('addresses')
  const close = (
    <Button type='primary' onClick={onClose}>
      {t('close')}
    </Button>
  )
  return (
    <Modal
      open
      title={t('programs.tokenFor', { name })}
      okText={t('programs.make')}
      okButtonProps={{ disabled: days === null }}
      cancelText={t('cancel')}
      confirmLoading={make.isPending}
      onOk={() => make.mutate()}
      onCancel={onClose}
      {...(made ? { footer: close, mask: { closable: false } } : {})}
    >
      {made ? (
        <div className='stack' style={{ padding: '6px 0 10px' }}>
          <div className='token-made'>
            <b className='mono'>{made.token}</b>
            <Button
              icon={<Icon name='copy' size={14} />}
              onClick={() => void navigator.clipboard.writeText(made.token).then(() => say(t('programs.copied')))}
            >
              {t('programs.copy')}
            </Button>
          </div>
          <p className='small quiet'>{t('programs.expires', { day: formatDay(made.expiresAt) })}</p>
          <Trouble tone='warn' title={t('programs.once')}>
            {t('programs.onceAdvice')}
          </Trouble>
        </div>
      ) : (
        <div className='stack' style={{ padding: '6px 0 10px' }}>
          <div className='checks'>
            <label>
              <input type='checkbox' checked={readOnly} onChange={(event) => setReadOnly(event.target.checked)} />
              {t('programs.readOnlyWhat')}
            </label>
          </div>
          <Field
            label={t('programs.addresses')}
            hint={t('programs.addressesHint')}
            problem={isBadAddress ? t('programs.addressesBad') : undefined}
          >
            {(ties) => (
              <Input.TextArea
                {...ties}
                rows={2}
                value={addresses}
                spellCheck={false}
                onChange={(event) => setAddresses(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('programs.days')} hint={t('programs.daysHint', { days: longestToken })}>
            {(ties) => <InputNumber {...ties} min={1} max={longestToken} precision={0} value={days} onChange={(value) => setDays(value)} />}
          </Field>
          {make.isError && !isBadAddress ? <ErrorNote error={make.error} /> : null}
        </div>
      )}
    </Modal>
  )
}
