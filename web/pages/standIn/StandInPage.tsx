import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { longestLoan } from '../../../domain/policy/longestLoan.ts'
import { roleName } from '../../../domain/policy/roleLabels.ts'
import { isPrivileged } from '../../../domain/policy/separation.ts'
import { useDirectory } from '../../app/directory.ts'
import { loanSpan } from '../../app/loanSpan.ts'
import { useColleagues } from '../../app/people.ts'
import { useLanguage } from '../../app/preferences.ts'
import { request } from '../../app/request.ts'
import { useActor } from '../../app/session.ts'
import { Bones } from '../../ui/Bones.tsx'
import { Card } from '../../ui/Card.tsx'
import { DaySpan } from '../../ui/DaySpan.tsx'
import { Empty } from '../../ui/Empty.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { Page } from '../../ui/Page.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import '../people/people.css'
import { useToday } from '../people/useToday.ts'
import { useNow } from '../../ui/useNow.ts'

/** One's place as a colleague has it (`GET /api/me/delegations`). Times are ISO 8601. */
type Delegation = { ids: string[]; staffId: string; forStaff: string; roles: string[]; starts: string | null; ends: string }
type Delegations = { given: Delegation[]; received: Delegation[] }

const delegationsKey = ['delegations'] as const

/** What the colleague gets and what stays, in plain words, before anything is given. */
const WhatTheyGet = ({ name }: { name: string }) => {
  const { t } = useTranslation()
  const actor = useActor()
  const language = useLanguage() === 'en' ? 'en' : 'zh'
  const stores = useDirectory('store')
  const lasting = actor.standings.filter(({ kind }) => kind === 'lasting')
  const wordsOf = ({ roleId, name: own, storeIds }: (typeof lasting)[number]): string => {
    const role = roleName(roleId, language, own)
    const places = storeIds.map((id) => stores.nameOf(id)).filter((place) => place !== null)
    return places.length === 0 ? t('standIn.getsNoStore', { role }) : t('standIn.getsRole', { role, stores: places.join(t('listComma')) })
  }
  const given = lasting.filter(({ role }) => !isPrivileged([{ role }]))
  const kept = lasting.filter(({ role }) => isPrivileged([{ role }]))
  const seesCustomers = given.some(({ role }) => (role.entities.customer?.rows ?? 'none') !== 'none')
  return (
    <div className='effect-box stack tight' role='status'>
      <b>{t('standIn.gets', { name })}</b>
      <ul className='says'>
        {given.map((standing) => (
          <li key={standing.roleId}>{wordsOf(standing)}</li>
        ))}
        {seesCustomers ? <li>{t('standIn.getsOwn', { name })}</li> : null}
      </ul>
      <b>{t('standIn.stays')}</b>
      <ul className='says'>
        {kept.map(({ roleId, name: own }) => (
          <li key={roleId}>{t('standIn.staysRole', { role: roleName(roleId, language, own) })}</li>
        ))}
        <li>{t('standIn.staysData')}</li>
      </ul>
      <p className='small quiet'>{t('standIn.audited', { name })}</p>
    </div>
  )
}

const NewDelegation = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const actor = useActor()
  const staff = useDirectory('staff')
  const today = useToday()
  const [staffId, setStaffId] = useState<string | null>(null)
  const [from, setFrom] = useState(today)
  const [to, setTo] = useState('')
  const colleagues = useColleagues(today)
  const span = loanSpan(from, to, today)
  const name = staffId === null ? null : staff.nameOf(staffId)
  const give = useMutation({
    mutationFn: (given: object) => request('POST', '/api/me/delegations', { body: { staffId, ...given } }),
    onSuccess: () => {
      say(t('standIn.done', { name }))
      setStaffId(null)
      setTo('')
      void client.invalidateQueries({ queryKey: delegationsKey })
    },
    gcTime: 0,
  })
  const problem = span === 'bad_days' ? t('standIn.badDays') : span === 'too_long' ? t('standIn.tooLong', { days: longestLoan }) : null
  return (
    <Card title={t('standIn.new')}>
      <form
        className='stack'
        onSubmit={(event) => {
          event.preventDefault()
          if (staffId !== null && typeof span !== 'string') give.mutate(span)
        }}
      >
        {give.isError ? <ErrorNote error={give.error} /> : null}
        <Field label={t('standIn.colleague')}>
          {(ties) => (
            <Select
              {...ties}
              showSearch={{ optionFilterProp: 'label' }}
              value={staffId}
              options={colleagues.filter(({ value }) => value !== actor.staffId)}
              placeholder={t('form.choose')}
              onChange={(chosen: string) => setStaffId(chosen)}
            />
          )}
        </Field>
        <DaySpan
          from={from}
          to={to}
          onFrom={setFrom}
          onTo={setTo}
          words={{ from: t('standIn.from'), to: t('standIn.to'), hint: t('standIn.toHint', { days: longestLoan }) }}
          problem={problem}
        />
        {name === null ? null : <WhatTheyGet name={name} />}
        <div className='row'>
          <Button type='primary' htmlType='submit' loading={give.isPending} disabled={staffId === null || typeof span === 'string'}>
            {name === null ? t('standIn.actNobody') : t('standIn.act', { name })}
          </Button>
        </div>
      </form>
    </Card>
  )
}

const Line = ({ title, one, onEnd }: { title: string; one: Delegation; onEnd?: () => void }) => {
  const { t } = useTranslation()
  const now = useNow()
  const to = formatDay(new Date(Date.parse(one.ends) - 1).toISOString())
  const isAhead = one.starts !== null && Date.parse(one.starts) > now
  return (
    <li className='row apart nowrap-row'>
      <div>
        <span className='row'>
          <b>{title}</b>
          <span className='tag' data-tone={isAhead ? undefined : 'ok'}>
            {t(isAhead ? 'standIn.planned' : 'standIn.running')}
          </span>
        </span>
        <div className='small quiet'>
          {one.starts === null ? t('standIn.fromNow', { to }) : t('standIn.until', { from: formatDay(one.starts), to })}
        </div>
      </div>
      {onEnd ? (
        <Button size='small' onClick={onEnd}>
          {t('standIn.end')}
        </Button>
      ) : null}
    </li>
  )
}

const Running = ({ data }: { data: Delegations }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const staff = useDirectory('staff')
  const [ending, setEnding] = useState<Delegation | null>(null)
  const nameOf = (id: string): string => staff.nameOf(id) ?? t('unknownName')
  const end = useMutation({
    mutationFn: (ids: string[]) => Promise.all(ids.map((id) => request('DELETE', `/api/loans/${id}`))),
    onSuccess: () => {
      setEnding(null)
      say(t('standIn.ended'))
    },
    onSettled: () => void client.invalidateQueries({ queryKey: delegationsKey }),
    gcTime: 0,
  })
  const name = ending ? nameOf(ending.staffId) : ''
  return (
    <>
      <Card title={t('standIn.given')}>
        {data.given.length === 0 ? <p className='quiet'>{t('standIn.givenNone')}</p> : null}
        <ul className='stack tight'>
          {data.given.map((one) => (
            <Line key={one.ids[0]} title={nameOf(one.staffId)} one={one} onEnd={() => setEnding(one)} />
          ))}
        </ul>
      </Card>
      {data.received.length > 0 ? (
        <Card title={t('standIn.received')}>
          <ul className='stack tight'>
            {data.received.map((one) => (
              <Line key={one.ids[0]} title={t('standIn.receivedOne', { name: nameOf(one.forStaff) })} one={one} />
            ))}
          </ul>
        </Card>
      ) : null}
      <Modal
        open={ending !== null}
        width={420}
        title={t('standIn.endAsk', { name })}
        okText={t('standIn.end')}
        cancelText={t('cancel')}
        confirmLoading={end.isPending}
        onOk={() => ending && end.mutate(ending.ids)}
        onCancel={() => {
          setEnding(null)
          end.reset()
        }}
      >
        <p>{t('standIn.endWhat', { name })}</p>
        {end.isError ? <ErrorNote error={end.error} /> : null}
      </Modal>
    </>
  )
}

/** Putting a colleague in one's place while one is away, what they get by it, and ending it. */
export const StandInPage = () => {
  const { t } = useTranslation()
  const { standings } = useActor()
  const { data, error, refetch } = useQuery({
    queryKey: delegationsKey,
    queryFn: ({ signal }) => request<Delegations>('GET', '/api/me/delegations', { signal }),
    staleTime: 10_000,
  })
  const mayGive = standings.some(({ kind, role }) => kind === 'lasting' && !isPrivileged([{ role }]))
  return (
    <Page title={t('standIn.title')} sub={t('standIn.sub')}>
      <div className='two'>
        {mayGive ? (
          <NewDelegation />
        ) : (
          <div className='card'>
            <Empty icon='swap' title={t('standIn.cannot')}>
              {t('standIn.cannotWhat')}
            </Empty>
          </div>
        )}
        <div className='stack'>
          {error ? (
            <ErrorNote error={error}>
              <Button onClick={() => void refetch()}>{t('tryAgain')}</Button>
            </ErrorNote>
          ) : data ? (
            <Running data={data} />
          ) : (
            <div className='card'>
              <Bones />
            </div>
          )}
        </div>
      </div>
    </Page>
  )
}
