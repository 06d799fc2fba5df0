import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useDirectory } from '../../app/directory.ts'
import { useRoleName } from '../../app/people.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { formatInstant } from '../../ui/formatTime.ts'
import { useStoreWords } from '../people/PersonChips.tsx'
import type { ReviewLine } from './reviews.ts'

const tones = { keep: 'ok', remove: 'danger', expired: 'warn', exempt: 'warn' } as const

type LineProps = {
  line: ReviewLine
  name: string
  closed: boolean
  busy: boolean
  onKeep: () => void
  onTake: () => void
}

/** One role of somebody in a review: what helps to decide, what was decided, and the two ways to decide. */
export const ReviewLineItem = ({ line, name, closed, busy, onKeep, onTake }: LineProps) => {
  const { t } = useTranslation()
  const role = useRoleName()(line.role)
  const storeWords = useStoreWords()
  const staff = useDirectory('staff')
  const decides = useDuty('access.manage')
  const isOwner = useActor().roles.includes('owner')
  const { decision } = line
  const isOthers = line.own ? 'own' : line.role === 'owner' && !isOwner ? 'owners' : null
  const open = decides && !closed && isOthers === null && decision !== 'remove'
  const unused = line.unused.map((right) =>
    t(`reviews.rights.${right.replace('.', '_')}` as 'reviews.rights.trash', { defaultValue: right }),
  )
  const whose = <span className='unseen'>{` ${name} ${role}`}</span>
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <b>{role}</b>
          {line.storeIds.length > 0 ? <span className='small quiet'>{storeWords(line.storeIds)}</span> : null}
          {decision ? (
            <span className='tag' data-tone={tones[decision]}>
              {t(`reviews.decisions.${decision}`)}
            </span>
          ) : null}
          {line.unusual ? (
            <span className='tag' data-tone='warn'>
              {t('reviews.unusual', { count: line.peers })}
            </span>
          ) : null}
        </div>
        {unused.length > 0 ? <div className='small quiet'>{t('reviews.unused', { rights: unused.join(t('listComma')) })}</div> : null}
        {line.decidedAt ? (
          <div className='small faint'>
            {line.decidedBy ? `${staff.nameOf(line.decidedBy) ?? t('unknownName')} · ` : ''}
            {formatInstant(line.decidedAt)}
          </div>
        ) : null}
        {decides && !closed && isOthers ? <div className='small faint'>{t(`reviews.notYours.${isOthers}`)}</div> : null}
      </div>
      {open ? (
        <div className='row'>
          {decision === 'keep' ? null : (
            <Button size='small' loading={busy} onClick={onKeep}>
              {t('reviews.keep')}
              {whose}
            </Button>
          )}
          <Button size='small' danger disabled={busy} onClick={onTake}>
            {t('reviews.take')}
            {whose}
          </Button>
        </div>
      ) : null}
    </li>
  )
}
