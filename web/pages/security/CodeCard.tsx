import { Button, Input, Modal, QRCode } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../app/apiError.ts'
import { request } from '../../app/request.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useSecurityAct } from './useSecurity.ts'

type Proposal = { secret: string; uri: string; ticket: string }

const Confirm = ({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) => {
  const { t } = useTranslation()
  const [ticket, setTicket] = useState(proposal.ticket)
  const [code, setCode] = useState('')
  const act = useSecurityAct(async () => {
    try {
      await request('POST', '/api/me/code/confirm', { body: { ticket, code: code.trim() } })
    } catch (error) {
      setCode('')
      if (error instanceof ApiError && typeof error.details['ticket'] === 'string') setTicket(error.details['ticket'])
      throw error
    }
    onClose()
  }, t('security.code.added'))
  return (
    <Modal open title={t('security.code.add')} footer={null} onCancel={onClose} mask={{ closable: false }} width={440}>
      <form
        className='stack'
        onSubmit={(event) => {
          event.preventDefault()
          act.mutate(undefined)
        }}
      >
        <p className='quiet'>{t('security.code.scan')}</p>
        <div style={{ justifySelf: 'center' }}>
          <QRCode
            value={proposal.uri}
            size={196}
            type='svg'
            color='#000'
            bgColor='#fff'
            bordered={false}
            aria-label={t('security.code.qr')}
          />
        </div>
        <details>
          <summary className='small quiet'>{t('security.code.cannotScan')}</summary>
          <code className='security-secret'>{proposal.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </details>
        {act.isError ? <ErrorNote error={act.error} /> : null}
        <Field label={t('security.code.first')} hint={t('security.code.firstHint')}>
          {(ties) => (
            <Input
              {...ties}
              autoFocus
              value={code}
              inputMode='numeric'
              autoComplete='one-time-code'
              maxLength={7}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
        <Button type='primary' htmlType='submit' block size='large' disabled={code.trim().length < 6} loading={act.isPending}>
          {t('security.code.confirm')}
        </Button>
      </form>
    </Modal>
  )
}

/** The authenticator app: setting it up with a first code, and taking it away. */
export const CodeCard = ({ code }: { code: { createdAt: string } | null }) => {
  const { t } = useTranslation()
  const [proposal, setProposal] = useState<Proposal | null>(null)
  const propose = useSecurityAct(async () => setProposal(await request<Proposal>('POST', '/api/me/code')), null)
  const remove = useSecurityAct(() => request('DELETE', '/api/me/code'), t('security.code.removed'))
  return (
    <Card title={t('security.code.title')} aside={code ? t('security.since', { at: formatInstant(code.createdAt) }) : undefined}>
      <div className='stack'>
        <p className='quiet'>{t('security.code.sub')}</p>
        {propose.isError ? <ErrorNote error={propose.error} /> : remove.isError ? <ErrorNote error={remove.error} /> : null}
        <div className='row'>
          <Button loading={propose.isPending} onClick={() => propose.mutate(undefined)}>
            {code ? t('security.code.replace') : t('security.code.add')}
          </Button>
          {code ? (
            <Button loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
              {t('security.remove')}
            </Button>
          ) : null}
        </div>
        {proposal ? <Confirm proposal={proposal} onClose={() => setProposal(null)} /> : null}
      </div>
    </Card>
  )
}
