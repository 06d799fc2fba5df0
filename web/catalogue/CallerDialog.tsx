import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { normalisePhone } from '../../domain/text/phone.ts'
import { Field } from '../ui/Field.tsx'

const key = 'anechoic.caller'

/** The number this person calls from, as they said it in this tab; null before. It is gone when the tab closes. */
export const knownCaller = (): string | null => sessionStorage.getItem(key)

/** Asks which phone one calls from: the relay connects it with the customer's. */
export const CallerDialog = ({ onCall, onClose }: { onCall: (caller: string) => void; onClose: () => void }) => {
  const { t } = useTranslation()
  const [text, setText] = useState(knownCaller() ?? '')
  const [wrong, setWrong] = useState(false)
  const submit = (): void => {
    const phone = normalisePhone(text)
    if (!('e164' in phone)) return setWrong(true)
    sessionStorage.setItem(key, phone.e164)
    onCall(phone.e164)
  }
  return (
    <Modal open width={380} title={t('uses.callerTitle')} onCancel={onClose} footer={null}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={t('uses.caller')} hint={t('uses.callerHint')} problem={wrong ? t('problems.bad_phone') : null}>
          {(ties) => (
            <Input
              {...ties}
              autoFocus
              inputMode='tel'
              autoComplete='tel'
              value={text}
              maxLength={40}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <div className='row' style={{ justifyContent: 'flex-end', marginTop: 12 }}>
          <Button type='primary' htmlType='submit'>
            {t('uses.callerAct')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
