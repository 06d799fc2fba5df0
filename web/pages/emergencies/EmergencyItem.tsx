import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { emergencyMinutes, emergencyReasons } from '../../../domain/access/emergency.ts'
import { useDirectory } from '../../app/directory.ts'
import { request } from '../../app/request.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { formatClock, formatDay, formatInstant } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useNow } from '../../ui/useNow.ts'
import { useStoreWords } from '../people/PersonChips.tsx'
import { emergenciesKey, type Emergency, type Phase, phaseOf } from './emergencies.ts'

const tones: Record<Phase, string | undefined> = {
  overdue: 'danger',
  open: 'warn',
  running: 'accent',
  toReview: 'warn',
  justified: 'ok',
  misused: 'danger',
  refused: undefined,
  expired: undefined,
  cancelled: undefined,
}

type Act = { what: 'decide'; verdict: 'approve' | 'refuse' } | { what: 'review'; verdict: 'justified' | 'misused' }

const Acts = ({ one, phase }: { one: Emergency; phase: Phase }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const isMine = useActor().staffId === one.staffId
  const act = useMutation({
    mutationFn: ({ what, verdict }: Act) => request('POST', `/api/emergencies/${one.id}/${what}`, { body: { verdict } }),
    onSuccess: (_, { verdict }) => say(t(`emergencies.said.${verdict}`)),
    onSettled: () => client.invalidateQueries({ queryKey: emergenciesKey }),
    gcTime: 0,
  })
  const verdictButton = (given: Act, isMain: boolean) => (
    <Button
      size='small'
      type={isMain ? 'primary' : 'default'}
      danger={given.verdict === 'misused'}
      disabled={act.isPending}
      loading={act.isPending && act.variables.verdict === given.verdict}
      onClick={() => act.mutate(given)}
    >
      {t(isMine && given.verdict === 'approve' ? 'emergencies.acts.self' : `emergencies.acts.${given.verdict}`)}
    </Button>
  )
  return (
    <div className='stack tight'>
      {phase === 'open' && one.mayDecide ? (
        <div className='row'>
          {verdictButton({ what: 'decide', verdict: 'approve' }, true)}
          {verdictButton({ what: 'decide', verdict: 'refuse' }, false)}
        </div>
      ) : null}
      {one.mayReview ? (
        <div className='row'>
          {verdictButton({ what: 'review', verdict: 'justified' }, true)}
          {verdictButton({ what: 'review', verdict: 'misused' }, false)}
        </div>
      ) : null}
      {act.isError ? <ErrorNote error={act.error} /> : null}
    </div>
  )
}

/** One emergency: who, why, where, how it stands, and what whoever reads may do about it. */
export const EmergencyItem = ({ one }: { one: Emergency }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const storeWords = useStoreWords()
  const staff = useDirectory('staff')
  const readsLog = useDuty('audit.read')
  const isMine = useActor().staffId === one.staffId
  const now = useNow()
  const phase = phaseOf(one, now)
  const nameOf = (id: string): string => staff.nameOf(id) ?? t('unknownName')
  // The clock here is up to half a minute behind: never more is promised than is given.
  const minutes = one.endsAt === null ? 0 : Math.min(emergencyMinutes, Math.max(1, Math.ceil((Date.parse(one.endsAt) - now) / 60_000)))
  const day = one.grantedAt === null ? null : formatDay(one.grantedAt)
  const log = day === null ? null : new URLSearchParams({ actor: one.staffId, from: day, to: formatDay(one.endsAt) })
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{nameOf(one.staffId)}</b>
          <span className='tag' data-tone={tones[phase]}>
            {phase === 'running' ? t('emergencies.left', { count: minutes }) : t(`emergencies.phases.${phase}`)}
          </span>
          {one.deviation ? (
            <span className='tag' data-tone='warn'>
              {t('emergencies.deviation')}
            </span>
          ) : null}
        </div>
        <div>
          {labelOf({ label: emergencyReasons[one.reason] })}
          {one.note ? ` · ${one.note}` : ''}
        </div>
        <div className='small quiet'>
          {storeWords(one.storeIds)} · {t('emergencies.asked', { at: formatInstant(one.askedAt) })}
          {one.grantedAt && one.endsAt
            ? ` · ${t('emergencies.hour', { from: formatClock(one.grantedAt), to: formatClock(one.endsAt) })}`
            : ''}
          {one.grantedAt ? ` · ${t('emergencies.seen', { count: one.seen })}` : ''}
        </div>
        {phase === 'open' ? (
          <div className='small quiet'>
            {t('emergencies.agreement', { done: one.agreed.length, needed: one.needed })}
            {isMine && one.selfAfter && !one.mayDecide ? ` · ${t('emergencies.selfAt', { at: formatClock(one.selfAfter) })}` : ''}
          </div>
        ) : one.agreed.length > 0 ? (
          <div className='small faint'>{t('emergencies.agreedBy', { names: one.agreed.map(nameOf).join(t('listComma')) })}</div>
        ) : null}
        {one.reviewedBy ? <div className='small faint'>{t('emergencies.reviewedBy', { name: nameOf(one.reviewedBy) })}</div> : null}
        {readsLog && log ? (
          <div>
            <Link className='chip' to={`/audit?${log}`}>
              {t('emergencies.log')}
              <Icon name='right' size={12} />
            </Link>
          </div>
        ) : null}
      </div>
      <Acts one={one} phase={phase} />
    </li>
  )
}
