import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { reviewDays } from '../../../domain/policy/review.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { Icon } from '../../ui/Icon.tsx'
import { Page } from '../../ui/Page.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import '../exports/exports.css'
import { type ReviewInfo, reviewsKey, useReviews } from './reviews.ts'
import { ReviewStateChip } from './ReviewStateChip.tsx'
import './reviews.css'

const Line = ({ review }: { review: ReviewInfo }) => {
  const { t } = useTranslation()
  const done = review.lines - review.undecided
  const kind = t(`reviews.kinds.${review.kind as 'all'}.title`)
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <Link className='lead' to={`/reviews/${review.id}`}>
            <b>{kind}</b>
          </Link>
          <ReviewStateChip review={review} />
        </div>
        <div className='small quiet'>
          {t('reviews.opened', { day: formatDay(review.openedAt) })} ·{' '}
          {review.closedAt
            ? t('reviews.closedOn', { day: formatDay(review.closedAt) })
            : t('reviews.due', { day: formatDay(review.dueAt) })}
        </div>
      </div>
      <div className='review-progress small quiet'>
        {t('reviews.progress', { done, count: review.lines })}
        <Progress value={done} max={review.lines} label={t('reviews.progress', { done, count: review.lines })} />
      </div>
    </li>
  )
}

const OpenDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [kind, setKind] = useState<'privileged' | 'all'>('privileged')
  const open = useMutation({
    mutationFn: () => request<{ id: string }>('POST', '/api/reviews', { body: { kind } }),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: reviewsKey })
      void navigate(`/reviews/${id}`)
    },
    gcTime: 0,
  })
  return (
    <Modal
      open
      title={t('reviews.open')}
      okText={t('reviews.openAct')}
      cancelText={t('cancel')}
      confirmLoading={open.isPending}
      onOk={() => open.mutate()}
      onCancel={onClose}
    >
      <div className='stack'>
        <p className='quiet'>{t('reviews.openWhat', { days: reviewDays })}</p>
        <div className='choices' role='radiogroup' aria-label={t('reviews.open')}>
          {(['privileged', 'all'] as const).map((one) => (
            <button key={one} type='button' role='radio' aria-checked={kind === one} className='option' onClick={() => setKind(one)}>
              <b>{t(`reviews.kinds.${one}.title`)}</b>
              <small>{t(`reviews.kinds.${one}.what`)}</small>
            </button>
          ))}
        </div>
        {open.isError ? <ErrorNote error={open.error} /> : null}
      </div>
    </Modal>
  )
}

/** The reviews of who may what: those that wait, and what was decided before. */
export const ReviewsPage = () => {
  const { t } = useTranslation()
  const decides = useDuty('access.manage')
  const [opening, setOpening] = useState(false)
  const { data, error, refetch } = useReviews()
  const act = decides ? (
    <Button type='primary' icon={<Icon name='plus' size={16} />} onClick={() => setOpening(true)}>
      {t('reviews.open')}
    </Button>
  ) : null
  return (
    <Page title={t('nav.reviews')} sub={t('reviews.sub')} actions={data && data.length > 0 ? act : null}>
      {error ? (
        <ErrorNote error={error}>
          <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
        </ErrorNote>
      ) : null}
      {error && !data ? null : (
        <div className='card'>
          {data ? null : <Bones widths={[60, 80, 70]} />}
          {data?.length === 0 ? (
            <Empty icon='eye' title={t('reviews.none.title')} actions={act}>
              {t('reviews.none.advice')}
            </Empty>
          ) : null}
          <ul className='lines'>
            {data?.map((review) => (
              <Line key={review.id} review={review} />
            ))}
          </ul>
        </div>
      )}
      {opening ? <OpenDialog onClose={() => setOpening(false)} /> : null}
    </Page>
  )
}
