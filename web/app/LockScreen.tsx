import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../ui/Field.tsx'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import { ApiError } from './apiError.ts'
import type { LockedPerson, Session } from './contract.ts'
import './lock.css'
import { loadAnew, uncoverScreen } from './lock.ts'
import { canUsePasskeys, isCancelled, showPasskey } from './passkey.ts'
import { request } from './request.ts'
import { sessionKey, unlock } from './session.ts'

const placeKey = (staffId: string): string => `anechoic.at.${staffId}`

/** Where this person was on this screen, and where to go on. A path of this site only. */
const takePlace = (staffId: string): string => {
  const kept = sessionStorage.getItem(placeKey(staffId)) ?? '/'
  return /^\/(?![/\\])/.test(kept) ? kept : '/'
}

type UnlockFormProps = { person: LockedPerson; onUnlocked: (session: Session) => void; onEnded: () => void }

const UnlockForm = ({ person, onUnlocked, onEnded }: UnlockFormProps) => {
  const { t } = useTranslation()
  const [byPin, setByPin] = useState(person.hasPin)
  const [text, setText] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const act = useMutation({
    mutationFn: async (by: 'passkey' | 'text') => {
      const { staffId } = person
      if (by === 'passkey') return unlock({ passkey: await showPasskey('/api/session/unlock/options', { staffId }) })
      return unlock(byPin ? { staffId, pin: text } : { staffId, password: text, ...(code === null ? {} : { code: code.trim() }) })
    },
    onSuccess: onUnlocked,
    onError: (error) => {
      const what = error instanceof ApiError ? error.code : null
      if (what === 'not_signed_in' || what === 'device_lost') return onEnded()
      if (what === 'code_required') return setCode('')
      if (what !== 'code_wrong') setText('')
      setCode((before) => (before === null ? null : ''))
    },
    gcTime: 0,
  })
  const asksCode = act.error instanceof ApiError && act.error.code === 'code_required'
  return (
    <form
      className='stack'
      onSubmit={(event) => {
        event.preventDefault()
        if (text !== '') act.mutate('text')
      }}
    >
      {act.isError && !asksCode && !isCancelled(act.error) ? <ErrorNote error={act.error} /> : null}
      {person.hasPasskey && canUsePasskeys() ? (
        <Button
          size='large'
          block
          type={byPin ? 'default' : 'primary'}
          icon={<Icon name='key' />}
          loading={act.isPending && act.variables === 'passkey'}
          onClick={() => act.mutate('passkey')}
        >
          {t('signIn.passkey')}
        </Button>
      ) : null}
      {byPin || person.hasPassword ? (
        <>
          <Field key={byPin ? 'pin' : 'password'} label={byPin ? t('security.pin.title') : t('signIn.password')}>
            {(ties) => (
              <Input.Password
                {...ties}
                size='large'
                autoFocus
                value={text}
                inputMode={byPin ? 'numeric' : 'text'}
                autoComplete={byPin ? 'off' : 'current-password'}
                maxLength={byPin ? 12 : 128}
                onChange={(event) => setText(byPin ? event.target.value.replaceAll(/\D/g, '') : event.target.value)}
              />
            )}
          </Field>
          {code === null ? null : (
            <Field label={t('signIn.code')} hint={t('signIn.codeHint')}>
              {(ties) => (
                <Input
                  {...ties}
                  size='large'
                  autoFocus
                  value={code}
                  autoComplete='one-time-code'
                  maxLength={20}
                  onChange={(event) => setCode(event.target.value)}
                />
              )}
            </Field>
          )}
          <Button
            type='primary'
            htmlType='submit'
            size='large'
            block
            disabled={text === ''}
            loading={act.isPending && act.variables === 'text'}
          >
            {t('lock.unlock')}
          </Button>
        </>
      ) : null}
      {person.hasPin && person.hasPassword ? (
        <button
          type='button'
          className='chip bare'
          onClick={() => {
            setByPin(!byPin)
            setText('')
            act.reset()
          }}
        >
          {byPin ? t('lock.byPassword') : t('lock.byPin')}
        </button>
      ) : null}
    </form>
  )
}

/**
 * Covers everything until somebody unlocks. It lies in the browser's top layer as a modal dialog, so that what is below is neither seen, nor read out, nor
 * reached by key; forms below stay as they are. A colleague with a session here goes on in theirs.
 */
export const LockScreen = ({ onEnded }: { onEnded: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const box = useRef<HTMLDialogElement>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const people = useQuery({
    queryKey: ['lock'],
    queryFn: () => request<{ persons: LockedPerson[] }>('GET', '/api/lock', { quiet: true }),
    staleTime: 0,
    gcTime: 0,
  })
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    document.documentElement.classList.add('is-locked')
    return () => {
      document.documentElement.classList.remove('is-locked')
      dialog?.close()
    }
  }, [])
  const persons = people.data?.persons ?? []
  useEffect(() => {
    if (people.data && people.data.persons.length === 0) onEnded()
  }, [people.data, onEnded])
  const before = client.getQueryData<Session | null>(sessionKey)
  const person = persons.find(({ staffId }) => staffId === chosen) ?? persons.find(({ current }) => current) ?? persons[0]

  const onUnlocked = (session: Session): void => {
    const { staffId } = session.actor
    if (before && before.actor.staffId !== staffId) {
      // What this tab knows is another's: nothing of it stays.
      sessionStorage.setItem(placeKey(before.actor.staffId), window.location.pathname)
      uncoverScreen(staffId)
      return loadAnew(takePlace(staffId))
    }
    client.setQueryData(sessionKey, session)
    uncoverScreen(staffId)
    void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' && query.queryKey[0] !== 'lock' })
  }
  return (
    <dialog ref={box} className='lock' aria-label={t('lock.title')} onCancel={(event) => event.preventDefault()}>
      <div className='lock-inner stack'>
        <h1>
          <Icon name='lock' size={22} /> {t('lock.title')}
        </h1>
        <p className='quiet'>{t('lock.sub')}</p>
        {people.isError ? <ErrorNote error={people.error} /> : null}
        {persons.length > 1 ? (
          <div className='lock-people' role='radiogroup' aria-label={t('lock.who')}>
            {persons.map(({ staffId, name }) => (
              <button
                key={staffId}
                type='button'
                role='radio'
                aria-checked={staffId === person?.staffId}
                onClick={() => setChosen(staffId)}
              >
                <span className='ava' aria-hidden='true'>
                  {Array.from(name)[0]}
                </span>
                {name}
              </button>
            ))}
          </div>
        ) : person ? (
          <div className='row'>
            <span className='ava' aria-hidden='true'>
              {Array.from(person.name)[0]}
            </span>
            <b>{person.name}</b>
          </div>
        ) : null}
        {person ? <UnlockForm key={person.staffId} person={person} onUnlocked={onUnlocked} onEnded={onEnded} /> : null}
        <button type='button' className='chip bare' onClick={() => loadAnew('/sign-in?other')}>
          {t('lock.other')}
        </button>
      </div>
    </dialog>
  )
}
