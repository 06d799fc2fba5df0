import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Field } from '../../domain/catalogue/field.ts'
import { usesOf } from '../../domain/policy/decide.ts'
import type { Use } from '../../domain/policy/roles.ts'
import { request } from '../app/request.ts'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { say } from '../ui/toast.tsx'
import { useErrorWords } from '../ui/Trouble.tsx'

const icons: Record<Use, IconName> = { call: 'call', message: 'wechat', copy: 'copy', navigate: 'map' }

/** Whether this device opens map and call links by itself; a desk's computer mostly does not. */
const isHandheld = (): boolean => window.matchMedia('(pointer: coarse)').matches

/** Does what was asked and returns whether the value was copied instead: a computer has no map to open, but a place to paste. */
const carryOut = async (use: Use, value: string): Promise<boolean> => {
  if (use === 'copy' || (use === 'navigate' && !isHandheld())) {
    await navigator.clipboard.writeText(use === 'copy' ? value : decodeURIComponent(value.replace(/^geo:[^?]*\?q=/, '')))
    return true
  }
  window.location.assign(value)
  return false
}

type UseButtonsProps = { path: string; id: string; name: string; field: Field; label: string; index: number }

/** Call, message, copy, navigate: using a value without displaying it, each recorded as that use. */
export const UseButtons = ({ path, id, name, field, label, index }: UseButtonsProps) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const words = useErrorWords()
  const act = useMutation({
    mutationFn: async (use: Use) => {
      const { value } = await request<{ value: string }>('POST', `/api/${path}/${id}/use`, { body: { field: name, index, use } })
      return carryOut(use, value)
    },
    onSuccess: (copied) => {
      if (copied) say(t('uses.copied', { field: label }))
      void client.invalidateQueries({ queryKey: [path, id, 'privacy'] })
    },
    onError: (error) => {
      const { title, advice } = words(error)
      say(`${title} ${advice}`)
    },
    gcTime: 0,
  })
  return (
    <span className='uses'>
      {usesOf(field).map((use) => (
        <button
          key={use}
          type='button'
          className='chip bare'
          disabled={act.isPending}
          title={t(`uses.${use}`)}
          aria-label={`${t(`uses.${use}`)} ${label}`}
          onClick={() => act.mutate(use)}
        >
          <Icon name={icons[use]} size={16} />
        </button>
      ))}
    </span>
  )
}
