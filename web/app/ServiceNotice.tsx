import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { useReadiness } from './health.ts'

/** The line under the bar that says why nothing can be opened just now, and that work goes on by itself once it can. */
export const ServiceNotice = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const readiness = useReadiness()
  const down = readiness.isError || readiness.data?.ready === false
  const [wasDown, setWasDown] = useState(false)
  useEffect(() => {
    if (down) setWasDown(true)
    else if (wasDown && readiness.data) {
      setWasDown(false)
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'readyz' })
    }
  }, [down, wasDown, readiness.data, client])
  if (!down) return null
  const reason = readiness.data?.reasons[0]
  const words = readiness.isError
    ? t('guard.unreachable')
    : t(`guard.reasons.${reason?.code ?? 'internal'}` as 'guard.reasons.internal', { defaultValue: t('guard.reasons.internal') })
  return (
    <div className='notice' data-tone='danger' role='status'>
      <Icon name={readiness.isError ? 'offline' : 'warn'} />
      <span>
        {words}
        {reason?.progress === undefined ? '' : ` ${Math.round(reason.progress * 100)}%`} {t('guard.retrying')}
      </span>
    </div>
  )
}
