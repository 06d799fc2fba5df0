import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { ApiError } from '../app/apiError.ts'
import type { Session } from '../app/contract.ts'
import { uncoverScreen } from '../app/lock.ts'
import { safeNext } from '../app/safeNext.ts'
import { sessionKey } from '../app/session.ts'
import { finishByCode, finishLink, finishSignIn, takeAnswer } from '../app/singleSignOn.ts'
import { Field } from '../ui/Field.tsx'
import { Outside } from '../app/Outside.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'

const ticketOf = (error: unknown): string | null =>
  error instanceof ApiError && typeof error.details['ticket'] === 'string' ? error.details['ticket'] : null

/** Where the identity provider sends a browser back to: posts what it came back with, asks for a code where one is due, and goes on. */
export const SsoBackPage = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const started = useRef(false)
  const next = useRef('/')
  const [ticket, setTicket] = useState<string | null>(null)
  const [code, setCode] = useState('')
  const act = useMutation({
    mutationFn: async (shown: { ticket: string; code: string } | null): Promise<Session | null> => {
      if (shown) return finishByCode(shown.ticket, shown.code)
      const { errand, query } = takeAnswer()
      next.current = safeNext(errand.next)
      if (errand.kind === 'sign_in') return finishSignIn(query)
      await finishLink(query)
      return null
    },
    onSuccess: (session) => {
      if (session) {
        client.setQueryData(sessionKey, session)
        uncoverScreen(session.actor.staffId)
      }
      void navigate(next.current, { replace: true })
    },
    onError: (error) => {
      setTicket(ticketOf(error))
      setCode('')
    },
    gcTime: 0,
  })
  const { mutate } = act
  useEffect(() => {
    if (started.current) return
    started.current = true
    mutate(null)
  }, [mutate])
  const isAsked = act.error instanceof ApiError && act.error.code === 'code_required'
  return (
    <Outside title={t('signIn.title')}>
      {act.isError && !isAsked ? <ErrorNote error={act.error} /> : null}
      {ticket !== null ? (
        <form
          className='stack'
          onSubmit={(event) => {
            event.preventDefault()
            mutate({ ticket, code })
          }}
        >
          <p className='quiet'>{t('signIn.ssoSecond')}</p>
          <Field label={t('signIn.code')} hint={t('signIn.codeHint')}>
            {(ties) => (
              <Input
                {...ties}
                size='large'
                autoFocus
                value={code}
                autoComplete='one-time-code'
                autoCapitalize='none'
                spellCheck={false}
                maxLength={20}
                onChange={(event) => setCode(event.target.value)}
              />
            )}
          </Field>
          <Button type='primary' htmlType='submit' size='large' block loading={act.isPending} disabled={code.trim() === ''}>
            {t('signIn.act')}
          </Button>
        </form>
      ) : act.isError ? (
        <p className='center'>
          <Link to='/sign-in'>{t('signIn.back')}</Link>
        </p>
      ) : (
        <p className='quiet center' role='status'>
          {t('signIn.ssoComing')}
        </p>
      )}
    </Outside>
  )
}
