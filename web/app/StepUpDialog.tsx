import { useMutation } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/Field.tsx'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import type { Way } from './contract.ts'
import { canUsePasskeys, isCancelled, showPasskey } from './passkey.ts'
import { request } from './request.ts'

/** Asks who sits here to show who they are, once more: then what they were about to do is done. Closing it leaves everything as it was. */
export const StepUpDialog = ({ ways, onDone }: { ways: readonly Way[]; onDone: (done: boolean) => void }) => {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const byPassword = ways.includes('password')
  const byPasskey = ways.includes('passkey') && canUsePasskeys()
  const act = useMutation({
    mutationFn: async (by: 'passkey' | 'text') => {
      const shown =
        by === 'passkey'
          ? { passkey: await showPasskey('/api/session/step-up/options') }
          : byPassword
            ? { password: text }
            : { code: text.trim() }
      await request('POST', '/api/session/step-up', { body: shown, quiet: true })
    },
    onSuccess: () => onDone(true),
    onError: () => setText(''),
    gcTime: 0,
  })
  return (
    <Modal open title={t('stepUp.title')} footer={null} onCancel={() => onDone(false)} mask={{ closable: false }} width={400} zIndex={1200}>
      <div className='stack'>
        <p className='quiet'>{t('stepUp.sub')}</p>
        {act.isError && !isCancelled(act.error) ? <ErrorNote error={act.error} /> : null}
        {byPasskey ? (
          <Button
            type='primary'
            size='large'
            block
            autoFocus
            icon={<Icon name='key' />}
            loading={act.isPending && act.variables === 'passkey'}
            onClick={() => act.mutate('passkey')}
          >
            {t('signIn.passkey')}
          </Button>
        ) : null}
        <form
          className='stack'
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() !== '') act.mutate('text')
          }}
        >
          <Field label={byPassword ? t('signIn.password') : t('signIn.code')} hint={byPassword ? undefined : t('signIn.codeHint')}>
            {(ties) =>
              byPassword ? (
                <Input.Password
                  {...ties}
                  autoFocus
                  value={text}
                  autoComplete='current-password'
                  maxLength={128}
                  onChange={(event) => setText(event.target.value)}
                />
              ) : (
                <Input
                  {...ties}
                  autoFocus={!byPasskey}
                  value={text}
                  autoComplete='one-time-code'
                  maxLength={20}
                  onChange={(event) => setText(event.target.value)}
                />
              )
            }
          </Field>
          <div className='row apart'>
            <Button onClick={() => onDone(false)}>{t('cancel')}</Button>
            <Button
              type={byPasskey ? 'default' : 'primary'}
              htmlType='submit'
              disabled={text.trim() === ''}
              loading={act.isPending && act.variables === 'text'}
            >
              {t('stepUp.act')}
            </Button>
          </div>
        </form>
      </div>
    </Modal>
  )
}
