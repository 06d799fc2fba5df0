import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../domain/catalogue/field.ts'
import { usesOf } from '../../domain/policy/decide.ts'
import type { Use } from '../../domain/policy/role.ts'
import { offerEntry, startEntry } from '../app/offeredEntry.ts'
import { request } from '../app/request.ts'
import { useRelay } from '../app/session.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { say } from '../ui/toast.tsx'
import { useErrorWords } from '../ui/Trouble.tsx'
import { carryOut, entryAfter, type Usable } from './carryOut.ts'

const CodeDialog = lazy(async () => ({ default: (await import('./CodeDialog.tsx')).CodeDialog }))
const MapDialog = lazy(async () => ({ default: (await import('./MapDialog.tsx')).MapDialog }))
const CallerDialog = lazy(async () => ({ default: (await import('./CallerDialog.tsx')).CallerDialog }))

const icons: Record<Use, IconName> = { call: 'call', message: 'sms', copy: 'copy', navigate: 'map' }
const iconOf = (use: Use, field: Field): IconName => {
  if (use !== 'message' || field.category === 'user.contact.phone_number') return icons[use]
  return field.category === 'user.contact.email' ? 'email' : 'wechat'
}

/** The words of a message's button differ by where it goes: a text, an e-mail, WeChat. */
const wordOf = (use: Use, field: Field) => {
  if (use !== 'message' || field.category === 'user.contact.phone_number') return `uses.${use}` as const
  return field.category === 'user.contact.email' ? 'uses.email' : 'uses.wechat'
}

/** `only`: leaves out the other uses. `about`: the customer in whose timeline a call may be noted: of a contact, the one they belong to. */
type UseButtonsProps = {
  path: string
  id: string
  about: string
  name: string
  field: Field
  label: string
  index: number
  many: boolean
  only?: readonly Use[]
}

type Open = { kind: 'code'; use: 'call' | 'message'; usable: Usable } | { kind: 'maps'; usable: Usable } | { kind: 'caller' }

/** Call, message, copy, navigate: using a value without displaying it, each recorded as that use. */
export const UseButtons = ({ path, id, about, name, field, label, index, many, only }: UseButtonsProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const words = useErrorWords()
  const relay = useRelay()
  const [open, setOpen] = useState<Open | null>(null)
  const act = useMutation({
    mutationFn: async ({ use, caller }: { use: Use; caller?: string }) => {
      const body = { field: name, index, use, ...(caller ? { caller } : {}) }
      const usable = await request<Usable>('POST', `/api/${path}/${id}/use`, { body })
      return { use, usable, shown: await carryOut(use, usable) }
    },
    onSuccess: ({ use, usable, shown }) => {
      if (shown === 'maps') setOpen({ kind: 'maps', usable })
      else if (shown === 'code') setOpen({ kind: 'code', use: use === 'call' ? 'call' : 'message', usable })
      else {
        setOpen(null)
        if (use === 'copy') say(t('uses.copied', { field: label }))
        if (use === 'message' && !/^\w+:/.test(usable.value)) say(t('uses.wechatCopied'))
      }
      const entry = entryAfter(use, usable.value)
      if (entry) offerEntry(about, entry)
      void client.invalidateQueries({ queryKey: [path, id, 'privacy'] })
    },
    onError: (error) => {
      const { title, advice } = words(error)
      say(`${title} ${advice}`)
    },
    gcTime: 0,
  })
  const close = (): void => setOpen(null)
  const note = (): void => {
    close()
    startEntry(about, 'call')
  }
  return (
    <span className='uses'>
      {usesOf(field)
        .filter((use) => only?.includes(use) ?? true)
        .map((use) => (
          <button
            key={use}
            type='button'
            className='chip bare'
            disabled={act.isPending}
            title={t(wordOf(use, field))}
            aria-label={`${t(wordOf(use, field))} ${label}${many ? ` ${index + 1}` : ''}`}
            onClick={() => (use === 'call' && relay ? setOpen({ kind: 'caller' }) : act.mutate({ use }))}
          >
            <Icon name={iconOf(use, field)} size={16} />
          </button>
        ))}
      <Suspense>
        {open?.kind === 'caller' ? <CallerDialog onClose={close} onCall={(caller) => act.mutate({ use: 'call', caller })} /> : null}
        {open?.kind === 'maps' ? <MapDialog geo={open.usable.value} label={label} onClose={close} /> : null}
        {open?.kind === 'code' ? (
          <CodeDialog usable={open.usable} use={open.use} onNote={open.use === 'call' ? note : null} onClose={close} />
        ) : null}
      </Suspense>
    </span>
  )
}
