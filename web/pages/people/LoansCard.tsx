import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDirectory } from '../../app/directory.ts'
import { type Loan, peopleKey, type Person, useRoleName } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useActor, useDuty } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { formatDay } from '../../ui/formatTime.ts'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { LendDialog } from './LendDialog.tsx'
import { useStoreWords } from './PersonChips.tsx'

/** Returns a stretch of time in words, by its first and its last day. */
export const useSpanWords = (): ((span: { starts: string | null; ends: string }) => string) => {
  const { t } = useTranslation()
  return ({ starts, ends }) => {
    const to = formatDay(new Date(Date.parse(ends) - 1).toISOString())
    return starts === null ? t('loans.fromNow', { to }) : t('loans.until', { from: formatDay(starts), to })
  }
}

const LoanLine = ({ loan, mayEnd, onEnd }: { loan: Loan; mayEnd: boolean; onEnd: () => void }) => {
  const { t } = useTranslation()
  const roleName = useRoleName()
  const staff = useDirectory('staff')
  const spanWords = useSpanWords()
  const storeWords = useStoreWords()
  const kind =
    loan.kind === 'delegated'
      ? t('loans.delegated', { name: staff.nameOf(loan.forStaff) ?? t('unknownName') })
      : t(loan.kind === 'emergency' ? 'loans.emergency' : 'loans.temporary')
  return (
    <li className='row apart nowrap-row'>
      <div>
        <span className='row'>
          <b>{roleName(loan.role)}</b>
          <span className='tag' data-tone='accent'>
            {kind}
          </span>
        </span>
        <div className='small quiet'>
          {spanWords(loan)} · {storeWords(loan.storeIds)}
        </div>
      </div>
      {mayEnd ? (
        <Button size='small' onClick={onEnd}>
          {t('loans.end')}
        </Button>
      ) : null}
    </li>
  )
}

/** Roles that somebody has until a day, and who stands in for them. They are added and ended here. */
export const LoansCard = ({ person, people, name }: { person: Person; people: readonly Person[]; name: string }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const grants = useDuty('access.manage')
  const isMe = useActor().staffId === person.id
  const roleName = useRoleName()
  const spanWords = useSpanWords()
  const [lending, setLending] = useState(false)
  const [ending, setEnding] = useState<Loan | null>(null)
  const end = useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/loans/${id}`),
    onSuccess: () => {
      say(t('loans.ended'))
      setEnding(null)
      for (const queryKey of [peopleKey, ['sight', person.id]]) void client.invalidateQueries({ queryKey })
    },
    gcTime: 0,
  })
  const lines = people.flatMap((other) =>
    other.loans
      .filter(({ forStaff }) => forStaff === person.id)
      .map((loan) => t('loans.standIn', { name: other.name ?? other.login, span: spanWords(loan) })),
  )
  return (
    <Card
      title={t('loans.title')}
      aside={
        grants && !isMe ? (
          <Button size='small' onClick={() => setLending(true)}>
            {t('loans.act')}
          </Button>
        ) : undefined
      }
    >
      {person.loans.length === 0 ? <p className='quiet'>{t('loans.none')}</p> : null}
      <ul className='stack tight'>
        {person.loans.map((loan) => (
          <LoanLine key={loan.id} loan={loan} mayEnd={grants} onEnd={() => setEnding(loan)} />
        ))}
      </ul>
      {lines.length > 0 ? (
        <>
          <h3 className='part'>{t('loans.lentOut')}</h3>
          <ul>
            {[...new Set(lines)].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      ) : null}
      {lending ? <LendDialog person={person} name={name} onClose={() => setLending(false)} /> : null}
      <Modal
        open={ending !== null}
        width={420}
        title={ending ? t('loans.endAsk', { what: roleName(ending.role) }) : ''}
        okText={t('loans.end')}
        cancelText={t('cancel')}
        confirmLoading={end.isPending}
        onOk={() => ending && end.mutate(ending.id)}
        onCancel={() => {
          setEnding(null)
          end.reset()
        }}
      >
        <p>{t('loans.endWhat')}</p>
        {end.isError ? <ErrorNote error={end.error} /> : null}
      </Modal>
    </Card>
  )
}
