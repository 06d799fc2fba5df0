import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Bones } from '../ui/Bones.tsx'
import { formatPhone } from '../ui/formatPhone.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote, Trouble } from '../ui/Trouble.tsx'
import { useDirectory } from './directory.ts'
import { incomingCall } from './incomingCall.ts'
import { offerEntry } from './offeredEntry.ts'
import { request } from './request.ts'
import { useScope } from './session.ts'

type Place = { storeId: string | null; ownerId: string | null }
type Found = { phone: string; inside: (Place & { id: string; name: string | null; contact: string | null })[]; outside: Place[] }

/** Somebody calls: opens their card, asks which where several share the number, says whom to pass the call to where they are another shop's, or offers a new card. */
export const IncomingCallDialog = ({ phone }: { phone: string }) => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const stores = useDirectory('store')
  const staff = useDirectory('staff')
  const mayCreate = (useScope('customer').actions.create ?? { kind: 'none' }).kind !== 'none'
  const { data, error } = useQuery({
    queryKey: ['caller', phone],
    queryFn: ({ signal }) => request<Found>('POST', '/api/callers', { body: { phone }, signal }),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  })
  const open = useCallback(
    (id: string): void => {
      incomingCall.done()
      offerEntry(id, 'call')
      void navigate(`/customers/${id}`)
    },
    [navigate],
  )
  const create = (): void => {
    if (data) incomingCall.keepForNew(data.phone)
    incomingCall.done()
    void navigate('/customers/new')
  }
  const only = data?.inside.length === 1 && data.outside.length === 0 ? data.inside[0] : undefined
  useEffect(() => {
    if (only) open(only.id)
  }, [only, open])
  const nobody = data && data.inside.length === 0 && data.outside.length === 0
  const place = ({ storeId, ownerId }: Place): string =>
    [stores.nameOf(storeId), ownerId === null ? t('caller.noOwner') : staff.nameOf(ownerId)].filter(Boolean).join(' · ')
  return (
    <Modal
      open={!only}
      width={440}
      title={t('caller.title', { phone: data ? formatPhone(data.phone) : phone })}
      onCancel={incomingCall.done}
      footer={[
        <Button key='close' onClick={incomingCall.done}>
          {t('close')}
        </Button>,
        ...(nobody && mayCreate
          ? [
              <Button key='new' type='primary' onClick={create}>
                {t('caller.create')}
              </Button>,
            ]
          : []),
      ]}
    >
      <div className='stack' style={{ padding: '6px 0' }} aria-live='polite'>
        {error ? <ErrorNote error={error} /> : null}
        {!data && !error ? <Bones widths={[70, 50]} /> : null}
        {nobody ? <p className='quiet'>{t('caller.nobody')}</p> : null}
        {data && data.inside.length > 1 ? <p className='quiet small'>{t('caller.several', { count: data.inside.length })}</p> : null}
        {data && data.inside.length > 0 ? (
          <ul className='stack tight caller-list' aria-label={t('caller.several', { count: data.inside.length })}>
            {data.inside.map((one) => (
              <li key={one.id}>
                <button type='button' className='caller' onClick={() => open(one.id)}>
                  <Icon name='call' size={16} />
                  <span className='grow'>
                    <b>{one.name ?? t('unknownName')}</b>
                    {one.contact ? <span className='quiet'> · {t('caller.contact', { name: one.contact })}</span> : null}
                    <span className='small faint block'>{place(one)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        ) : null}
        {data && data.outside.length > 0 ? (
          <Trouble tone='info' title={t('caller.elsewhere')}>
            {data.outside.map((one) => (
              <div key={place(one)}>{t('caller.pass', { place: place(one) })}</div>
            ))}
          </Trouble>
        ) : null}
      </div>
    </Modal>
  )
}
