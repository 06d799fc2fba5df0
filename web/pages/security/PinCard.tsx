import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldProblems } from '../../app/apiError.ts'
import { request } from '../../app/request.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useFieldProblem } from './PasswordForm.tsx'
import { useSecurityAct } from './useSecurity.ts'

/** The PIN that unlocks the screen on this device. */
export const PinCard = ({ hasPin }: { hasPin: boolean }) => {
  const { t } = useTranslation()
  const [pin, setPin] = useState('')
  const set = useSecurityAct(async (next: string | null) => {
    await request('PUT', '/api/me/pin', { body: { pin: next } })
    setPin('')
  }, t('security.pin.changed'))
  const problem = useFieldProblem(set.error)
  return (
    <Card title={t('security.pin.title')} aside={hasPin ? t('security.pin.set') : undefined}>
      <form
        className='stack'
        onSubmit={(event) => {
          event.preventDefault()
          set.mutate(pin)
        }}
      >
        <p className='quiet'>{t('security.pin.sub')}</p>
        {set.isError && fieldProblems(set.error).length === 0 ? <ErrorNote error={set.error} /> : null}
        <Field label={hasPin ? t('security.pin.another') : t('security.pin.new')} hint={t('security.pin.hint')} problem={problem('pin')}>
          {(ties) => (
            <Input.Password
              {...ties}
              style={{ maxWidth: 220 }}
              value={pin}
              inputMode='numeric'
              autoComplete='off'
              maxLength={12}
              onChange={(event) => setPin(event.target.value.replaceAll(/\D/g, ''))}
            />
          )}
        </Field>
        <div className='row'>
          <Button htmlType='submit' disabled={pin.length < 6} loading={set.isPending}>
            {t('security.pin.act')}
          </Button>
          {hasPin ? <Button onClick={() => set.mutate(null)}>{t('security.remove')}</Button> : null}
        </div>
      </form>
    </Card>
  )
}
