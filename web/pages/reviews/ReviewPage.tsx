import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { ApiError } from '../../app/apiError.ts'
import { useDirectory } from '../../app/directory.ts'
import { peopleKey, useRoleName } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { formatDay, useAgo } from '../../ui/formatTime.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import { useNow } from '../../ui/useNow.ts'
import '../exports/exports.css'
import { KeeperNote } from '../people/KeeperNote.tsx'
import { ClosedReview } from './ClosedReview.tsx'
import { ReviewLineItem } from './ReviewLineItem.tsx'
import { type Review, type ReviewLine, reviewsKey, reviewState, useReview } from './reviews.ts'
import { ReviewStateChip } from './ReviewStateChip.tsx'
import './reviews.css'

type Choice = { line: ReviewLine; decision: 'keep' | 'remove' }

const Decisions = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const staff = useDirectory('staff')
  const roleName = useRoleName()
  const ago = useAgo()
  const [taking, setTaking] = useState<ReviewLine | null>(null)
  const nameOf = (id: string): string => staff.nameOf(id) ?? t('unknownName')
  const decide = useMutation({
    mutationFn: ({ line: { staffId, role }, decision }: Choice) =>
      request('POST', `/api/reviews/${review.id}/decide`, { body: { staffId, role, decision } }),
    onSuccess: (_, { line, decision }) => {
      setTaking(null)
      if (decision === 'remove') say(t('reviews.taken', { name: nameOf(line.staffId), role: roleName(line.role) }))
      void client.invalidateQueries({ queryKey: peopleKey })
    },
    onSettled: () => client.invalidateQueries({ queryKey: reviewsKey }),
    gcTime: 0,
  })
  const isOf = (line: ReviewLine): boolean =>
    decide.variables?.line.staffId === line.staffId && decide.variables.line.role === line.role && taking === null
  return (
    <div className='card'>
      {[...Map.groupBy(review.items, ({ staffId }) => staffId)].map(([staffId, lines]) => {
        const name = nameOf(staffId)
        return (
          <section key={staffId} className='review-person' aria-label={name}>
            <header>
              <h2>{name}</h2>
              <span className='small quiet'>{t('reviews.lastAct', { ago: ago(lines[0]?.lastAct ?? null) })}</span>
            </header>
            <ul className='lines'>
              {lines.map((line) => (
                <ReviewLineItem
                  key={line.role}
                  line={line}
                  name={name}
                  closed={review.closedAt !== null}
                  busy={decide.isPending && isOf(line)}
                  onKeep={() => decide.mutate({ line, decision: 'keep' })}
                  onTake={() => {
                    decide.reset()
                    setTaking(line)
                  }}
                />
              ))}
            </ul>
            {decide.isError && taking === null && decide.variables.line.staffId === staffId ? (
              <KeeperNote error={decide.error} name={name} />
            ) : null}
          </section>
        )
      })}
      <Modal
        open={taking !== null}
        width={440}
        title={taking ? t('reviews.takeAsk', { name: nameOf(taking.staffId), role: roleName(taking.role) }) : ''}
        okText={t('reviews.take')}
        okButtonProps={{ danger: true }}
        cancelText={t('cancel')}
        confirmLoading={decide.isPending}
        onOk={() => taking && decide.mutate({ line: taking, decision: 'remove' })}
        onCancel={() => {
          setTaking(null)
          decide.reset()
        }}
      >
        <div className='stack tight'>
          <p>{t('reviews.takeWhat')}</p>
          {decide.isError && taking ? <KeeperNote error={decide.error} name={nameOf(taking.staffId)} /> : null}
        </div>
      </Modal>
    </div>
  )
}

const CloseCard = ({ review }: { review: Review }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const decides = useDuty('access.manage')
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const done = review.lines - review.undecided
  const isDue = reviewState(review, now) === 'overdue'
  const close = useMutation({
    mutationFn: () => request('POST', `/api/reviews/${review.id}/close`),
    onSuccess: () => {
      setAsking(false)
      say(t('reviews.closed'))
    },
    onSettled: () => client.invalidateQueries({ queryKey: reviewsKey }),
    gcTime: 0,
  })
  return (
    <div className='card stack tight'>
      <div className='row apart'>
        <b role='status'>{t('reviews.progress', { done, count: review.lines })}</b>
        {decides ? (
          <Button
            type={review.undecided === 0 ? 'primary' : 'default'}
            disabled={review.undecided > 0 && !isDue}
            loading={close.isPending}
            onClick={() => (review.undecided > 0 ? setAsking(true) : close.mutate())}
          >
            {t('reviews.close')}
          </Button>
        ) : null}
      </div>
      <Progress value={done} max={review.lines} label={t('reviews.progress', { done, count: review.lines })} />
      <p className='small quiet'>{t(isDue ? 'reviews.expiresNow' : 'reviews.expires', { day: formatDay(review.dueAt) })}</p>
      {close.isError && !asking ? <ErrorNote error={close.error} /> : null}
      <Modal
        open={asking}
        width={440}
        title={t('reviews.closeAsk', { count: review.undecided })}
        okText={t('reviews.close')}
        okButtonProps={{ danger: true }}
        cancelText={t('cancel')}
        confirmLoading={close.isPending}
        onOk={() => close.mutate()}
        onCancel={() => setAsking(false)}
      >
        <div className='stack tight'>
          <p>{t('reviews.closeWhat')}</p>
          {close.isError ? <ErrorNote error={close.error} /> : null}
        </div>
      </Modal>
    </div>
  )
}

/** One review: who holds what, what helps to decide, and keeping or taking each. */
export const ReviewPage = () => {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const { data, error, refetch } = useReview(id)
  const title = data ? t(`reviews.kinds.${data.kind as 'all'}.title`) : t('nav.reviews')
  const isGone = error instanceof ApiError && error.code === 'not_found'
  return (
    <Page
      title={title}
      sub={
        data ? (
          <span className='row'>
            <ReviewStateChip review={data} />
            {t('reviews.opened', { day: formatDay(data.openedAt) })} ·{' '}
            {data.closedAt ? t('reviews.closedOn', { day: formatDay(data.closedAt) }) : t('reviews.due', { day: formatDay(data.dueAt) })}
          </span>
        ) : undefined
      }
      actions={
        <Link className='chip tall' to='/reviews'>
          <Icon name='left' size={14} />
          {t('reviews.back')}
        </Link>
      }
    >
      {isGone ? (
        <div className='card'>
          <Empty icon='eye' title={t('reviews.gone')}>
            {t('reviews.goneAdvice')}
          </Empty>
        </div>
      ) : error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {data ? (
        <div className='stack'>
          {data.closedAt ? <ClosedReview review={data} /> : <CloseCard review={data} />}
          {data.items.length > 0 ? <Decisions review={data} /> : <Trouble tone='info' title={t('reviews.noLines')} />}
        </div>
      ) : error ? null : (
        <div className='card'>
          <Bones widths={[60, 80, 70, 75]} />
        </div>
      )}
    </Page>
  )
}
