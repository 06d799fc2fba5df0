import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Outside } from '../app/Outside.tsx'
import { request } from '../app/request.ts'
import { stateKey } from '../app/session.ts'
import { Field } from '../ui/Field.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'

/** Shown while the server is sealed: the passphrase opens it for everybody. */
export const UnsealPage = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [passphrase, setPassphrase] = useState('')
  const act = useMutation({
    mutationFn: () => request('POST', '/api/unseal', { body: { passphrase } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: stateKey })
      void navigate('/', { replace: true })
    },
    onSettled: () => setPassphrase(''),
    gcTime: 0,
  })
  return (
    <Outside title={t('unseal.title')} sub={t('unseal.sub')}>
      <form
        className='stack'
        onSubmit={(event) => {
          event.preventDefault()
          act.mutate()
        }}
      >
        {act.isError ? <ErrorNote error={act.error} /> : null}
        <Field label={t('unseal.passphrase')} hint={t('unseal.hint')}>
          {(ties) => (
            <Input.Password
              {...ties}
              size='large'
              autoFocus
              autoComplete='off'
              value={passphrase}
              maxLength={1024}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          )}
        </Field>
        <Button type='primary' size='large' htmlType='submit' block disabled={passphrase === ''} loading={act.isPending}>
          {t('unseal.act')}
        </Button>
      </form>
    </Outside>
  )
}
