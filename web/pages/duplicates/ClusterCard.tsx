import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { MaskedText } from '../../catalogue/MaskedText.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import type { Cluster, Twin } from './clusters.ts'
import { MergeDialog } from './MergeDialog.tsx'

type Dismissal = { pairs: readonly [string, string][]; back: boolean }

const useDismiss = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const dismiss = useMutation({
    mutationFn: async ({ pairs, back }: Dismissal) => {
      for (const [a, b] of pairs) await request('POST', '/api/duplicates/dismiss', { body: { a, b, back } })
    },
    onSuccess: (_done, { pairs, back }) => {
      void client.invalidateQueries({ queryKey: ['duplicates'] })
      if (!back) say(t('duplicates.dismissed'), { label: t('undo'), run: () => dismiss.mutate({ pairs, back: true }) })
    },
    gcTime: 0,
  })
  return dismiss
}

const TwinFacts = ({ twin }: { twin: Twin }) => {
  const { t } = useTranslation()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const whose = twin.ownerId ? (staff.nameOf(twin.ownerId) ?? t('unknownName')) : t('pool.nobody')
  return (
    <div>
      <Link to={`/customers/${twin.id}`}>
        <b>{twin.name}</b>
      </Link>
      <div className='small quiet'>
        {stores.nameOf(twin.storeId)} · {whose}
      </div>
      {[...twin.phones, ...twin.addresses].map((mask, i) => (
        <div key={i} className='small clip'>
          <MaskedText text={mask} />
        </div>
      ))}
      <div className='small faint'>{t('duplicates.since', { day: formatDay(twin.createdAt) })}</div>
    </div>
  )
}

/** Customers who may be one: why, and what to do about it. */
export const ClusterCard = ({ cluster }: { cluster: Cluster }) => {
  const { t } = useTranslation()
  const { actions } = useScope('customer')
  const mayMerge = (twin: Twin): boolean => satisfies(actions.merge ?? { kind: 'none' }, twin as unknown as RuleRow)
  const free = cluster.customers.filter(mayMerge)
  const [left, setLeft] = useState<readonly string[]>([])
  const [merging, setMerging] = useState(false)
  // Who may not make one of two may not say either that they are two.
  const own = cluster.pairs.filter((pair) => pair.every((id) => free.some((twin) => twin.id === id)))
  const dismiss = useDismiss()
  const chosen = free.filter(({ id }) => !left.includes(id)).map(({ id }) => id)
  const toggle = (id: string): void => setLeft((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]))
  return (
    <li className='card stack tight'>
      <div className='row apart'>
        <span className='row'>
          {cluster.reasons.map((reason) => (
            <span key={reason} className='tag' data-tone={reason === 'likeness' ? undefined : 'warn'}>
              {t(`duplicates.reasons.${reason}`)}
            </span>
          ))}
        </span>
        <span className='row'>
          {own.length > 0 ? (
            <Button size='small' loading={dismiss.isPending} onClick={() => dismiss.mutate({ pairs: own, back: false })}>
              {t('duplicates.different')}
            </Button>
          ) : null}
          <Button size='small' type='primary' disabled={chosen.length < 2} onClick={() => setMerging(true)}>
            {t('duplicates.compare')}
          </Button>
        </span>
      </div>
      {dismiss.isError ? <ErrorNote error={dismiss.error} /> : null}
      <ul className='twins'>
        {cluster.customers.map((twin) => (
          <li key={twin.id}>
            {cluster.customers.length > 2 && mayMerge(twin) ? (
              <Checkbox
                checked={!left.includes(twin.id)}
                aria-label={t('duplicates.include', { name: twin.name })}
                onChange={() => toggle(twin.id)}
              />
            ) : null}
            <TwinFacts twin={twin} />
          </li>
        ))}
      </ul>
      {free.length < cluster.customers.length ? <p className='small faint'>{t('duplicates.notYours')}</p> : null}
      {merging ? <MergeDialog ids={chosen} onClose={() => setMerging(false)} onDone={() => setMerging(false)} /> : null}
    </li>
  )
}
