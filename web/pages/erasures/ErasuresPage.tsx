import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Ground, grounds } from '../../../domain/privacy/grounds.ts'
import { catalogue, type EntityName } from '../../../domain/catalogue/all.ts'
import type { ErasureState } from '../../../domain/privacy/erasureState.ts'
import { request } from '../../app/request.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Bones } from '../../ui/Bones.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { formatDay, formatInstant } from '../../ui/formatTime.ts'
import { Page } from '../../ui/Page.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { CertificateButtons } from './CertificateButtons.tsx'
import { CheckCertificate } from './CheckCertificate.tsx'
import './erasures.css'

type Erasure = {
  subject: number
  erasedAt: string
  completeBy: string
  state: ErasureState
  epoch: number | null
  ground: Ground
  staffName: string | null
  index: number | null
  counts: { entity: string; count: number }[]
}
type Answer = { items: Erasure[]; nextCursor: string | null }

const tones: Record<ErasureState, string | undefined> = {
  waiting: 'accent',
  late: 'danger',
  rotated: 'accent',
  complete: 'ok',
  unknown: undefined,
}

const Line = ({ erasure }: { erasure: Erasure }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const { subject, state, epoch, counts, index } = erasure
  const went = counts.flatMap(({ entity, count }) =>
    Object.hasOwn(catalogue, entity) ? [`${labelOf(catalogue[entity as EntityName])} ${count}`] : [],
  )
  return (
    <li>
      <div className='grow'>
        <div className='row'>
          <b>{t('erasures.person', { subject })}</b>
          <span className='tag' data-tone={tones[state]}>
            {t(`erasures.states.${state}`)}
          </span>
        </div>
        <div className='small quiet'>
          {formatInstant(erasure.erasedAt)} · {erasure.staffName ?? t('unknownName')} · {labelOf({ label: grounds[erasure.ground] })}
        </div>
        <div className='small faint'>
          {went.join(t('listComma'))}
          {index === null ? '' : ` · #${index}`}
        </div>
        {state === 'late' ? (
          <div className='small wrong'>
            {t('erasures.late', { epoch })} <Link to='/keys'>{t('erasures.toKeys')}</Link>
          </div>
        ) : null}
      </div>
      <div className='dead-by'>
        <span className='small faint'>{t('erasures.deadBy')}</span>
        <b>{formatDay(erasure.completeBy)}</b>
      </div>
      <CertificateButtons subject={subject} small />
    </li>
  )
}

/** The register of erasures: whose key was destroyed, by number; when each is complete everywhere; their certificates, at any time. */
export const ErasuresPage = () => {
  const { t } = useTranslation()
  const register = useInfiniteQuery({
    queryKey: ['erasures'],
    queryFn: ({ pageParam, signal }) => request<Answer>('GET', `/api/erasures${pageParam ? `?cursor=${pageParam}` : ''}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })
  const erasures = register.data?.pages.flatMap((page) => page.items)
  return (
    <Page title={t('nav.erasures')} sub={t('erasures.sub')}>
      <div className='stack narrow'>
        <div className='card'>
          {register.error ? <ErrorNote error={register.error} /> : null}
          {!erasures && !register.error ? <Bones widths={[70, 50, 60]} /> : null}
          {erasures?.length === 0 ? (
            <Empty icon='shield' title={t('erasures.none')}>
              {t('erasures.noneAdvice')}
            </Empty>
          ) : null}
          <ol className='erasures'>
            {erasures?.map((erasure) => (
              <Line key={erasure.subject} erasure={erasure} />
            ))}
          </ol>
          {register.hasNextPage ? (
            <div className='row' style={{ justifyContent: 'center', paddingTop: 12 }}>
              <Button loading={register.isFetchingNextPage} onClick={() => void register.fetchNextPage()}>
                {t('audit.more')}
              </Button>
            </div>
          ) : null}
        </div>
        <CheckCertificate />
      </div>
    </Page>
  )
}
