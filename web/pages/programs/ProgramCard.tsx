import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDirectory } from '../../app/directory.ts'
import { useRoleName } from '../../app/people.ts'
import { request } from '../../app/request.ts'
import { useDuty } from '../../app/session.ts'
import { Card } from '../../ui/Card.tsx'
import { formatDay, useAgo } from '../../ui/formatTime.ts'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useNow } from '../../ui/useNow.ts'
import { useStoreWords } from '../people/PersonChips.tsx'
import { type Program, type ProgramToken, programsKey } from './programs.ts'
import { TokenDialog } from './TokenDialog.tsx'

const TokenLine = ({ token, onRevoke }: { token: ProgramToken; onRevoke: (() => void) | null }) => {
  const { t } = useTranslation()
  const ago = useAgo()
  const isOver = Date.parse(token.expiresAt) < useNow()
  return (
    <li>
      <div className='grow stack tight'>
        <div className='row'>
          <span className='tag' data-tone={token.readOnly ? undefined : 'warn'}>
            {t(token.readOnly ? 'programs.readOnly' : 'programs.writes')}
          </span>
          {isOver ? (
            <span className='tag' data-tone='danger'>
              {t('programs.over')}
            </span>
          ) : (
            <span className='small'>{t('programs.expires', { day: formatDay(token.expiresAt) })}</span>
          )}
        </div>
        <div className='small quiet'>
          {token.addresses.length > 0 ? <span className='mono'>{token.addresses.join(t('listComma'))}</span> : t('programs.anywhere')} ·{' '}
          {t('programs.lastUsed', { ago: ago(token.lastUsedAt) })}
        </div>
      </div>
      {onRevoke ? (
        <Button size='small' danger onClick={onRevoke}>
          {t('programs.revoke')}
        </Button>
      ) : null}
    </li>
  )
}

/** A program: who answers for it, what for, what it holds, and its tokens, which are made and revoked here. */
export const ProgramCard = ({ program }: { program: Program }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const manages = useDuty('access.manage')
  const staff = useDirectory('staff')
  const roleName = useRoleName()
  const storeWords = useStoreWords()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ProgramToken | null>(null)
  const revoke = useMutation({
    mutationFn: (id: string) => request('DELETE', `/api/tokens/${id}`),
    onSuccess: () => {
      setRevoking(null)
      say(t('programs.revoked'))
      void client.invalidateQueries({ queryKey: programsKey })
    },
    gcTime: 0,
  })
  const name = program.name ?? staff.nameOf(program.id) ?? t('unknownName')
  return (
    <Card
      title={name}
      aside={
        manages ? (
          <Button size='small' onClick={() => setMaking(true)}>
            {t('programs.makeOne')}
            <span className='unseen'>{` ${name}`}</span>
          </Button>
        ) : undefined
      }
    >
      <div className='stack tight'>
        <p>{program.purpose}</p>
        <div className='row'>
          {program.roles.map((role) => (
            <span key={role} className='tag'>
              {roleName(role)}
            </span>
          ))}
          {program.suspended ? (
            <span className='tag' data-tone='danger'>
              {t('programs.suspended')}
            </span>
          ) : null}
        </div>
        <div className='small quiet'>
          {t('programs.answers', { name: staff.nameOf(program.ownerId) ?? t('unknownName') })} · {storeWords(program.storeIds)} ·{' '}
          {t('programs.since', { day: formatDay(program.createdAt) })}
        </div>
        {program.tokens.length === 0 ? <p className='small faint'>{t('programs.noTokens')}</p> : null}
        <ul className='lines'>
          {program.tokens.map((token) => (
            <TokenLine key={token.id} token={token} onRevoke={manages ? () => setRevoking(token) : null} />
          ))}
        </ul>
      </div>
      {making ? <TokenDialog program={program} name={name} onClose={() => setMaking(false)} /> : null}
      <Modal
        open={revoking !== null}
        width={420}
        title={t('programs.revokeAsk', { name })}
        okText={t('programs.revoke')}
        okButtonProps={{ danger: true }}
        cancelText={t('cancel')}
        confirmLoading={revoke.isPending}
        onOk={() => revoking && revoke.mutate(revoking.id)}
        onCancel={() => {
          setRevoking(null)
          revoke.reset()
        }}
      >
        <p>{t('programs.revokeWhat')}</p>
        {revoke.isError ? <ErrorNote error={revoke.error} /> : null}
      </Modal>
    </Card>
  )
}
