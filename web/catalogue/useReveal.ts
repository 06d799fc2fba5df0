import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Reason, Revealed } from '../app/contract.ts'
import { request } from '../app/request.ts'

/** Seconds a revealed value stays on the screen (DESIGN 3). */
export const shownSeconds = 60

type Shown = { values: Revealed['values']; until: number }

/** Reveals masked fields of one record and hides them again after `shownSeconds`. The values live in this component's memory and nowhere else. */
export const useReveal = (path: string, id: string) => {
  const client = useQueryClient()
  const [shown, setShown] = useState<Shown | null>(null)
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (!shown) return
    const tick = () => {
      const rest = Math.ceil((shown.until - Date.now()) / 1000)
      setLeft(rest)
      if (rest <= 0) setShown(null)
    }
    tick()
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [shown])
  const ask = useMutation({
    mutationFn: ({ fields, reason, note }: { fields: string[]; reason: Reason; note?: string }) =>
      request<Revealed>('POST', `/api/${path}/${id}/reveal`, { body: { fields, reason, ...(note ? { note } : {}) } }),
    onSuccess: (revealed) => {
      setShown({ values: revealed.values, until: Date.now() + shownSeconds * 1000 })
      client.setQueryData(['reveals-left'], revealed.remaining)
      void client.invalidateQueries({ queryKey: [path, id, 'privacy'] })
    },
    gcTime: 0,
  })
  return { values: shown?.values ?? null, left, hide: () => setShown(null), ask }
}

export type Reveal = ReturnType<typeof useReveal>
