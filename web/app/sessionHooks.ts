import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Session } from './contract.ts'
import { coverScreen, loadAnew } from './lock.ts'
import { wipeThisDevice } from './lostDevice.ts'
import { whenRefused } from './request.ts'
import { fetchSession, sessionKey } from './session.ts'
import { askToStepUp } from './stepUp.ts'

/** Does what refusals ask for that concern the session rather than the page: the one place where a client steps up, locks, or is told it is lost. */
export const useSessionHooks = (onEnded: () => void): void => {
  const client = useQueryClient()
  useEffect(() => {
    whenRefused({
      stepUp: askToStepUp,
      renew: async () => {
        const before = client.getQueryData<Session | null>(sessionKey)
        const now = await fetchSession().catch(() => null)
        if (before && now && before.actor.staffId !== now.actor.staffId) loadAnew('/')
        if (now) client.setQueryData(sessionKey, now)
        return now !== null && before?.actor.staffId === now.actor.staffId
      },
      refused: (code) => {
        if (code === 'locked') coverScreen()
        else if (code === 'not_signed_in') onEnded()
        else if (code === 'device_lost') void wipeThisDevice()
        else if (code === 'password_change_required' || code === 'second_factor_required')
          void client.invalidateQueries({ queryKey: sessionKey })
      },
    })
  })
}
