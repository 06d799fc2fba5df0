import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../app/request.ts'
import { saveFile } from '../../app/saveFile.ts'
import { Card } from '../../ui/Card.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { useSecurityAct } from './useSecurity.ts'

/** Recovery codes: how many are left, and ten new ones, shown once. */
export const RecoveryCard = ({ left }: { left: number }) => {
  const { t } = useTranslation()
  const [codes, setCodes] = useState<string[] | null>(null)
  const renew = useSecurityAct(async () => setCodes((await request<{ codes: string[] }>('POST', '/api/me/recovery-codes')).codes), null)
  return (
    <Card title={t('security.recovery.title')} aside={left > 0 ? t('security.recovery.left', { count: left }) : undefined}>
      <div className='stack'>
        <p className='quiet'>{t('security.recovery.sub')}</p>
        {renew.isError ? <ErrorNote error={renew.error} /> : null}
        <div>
          <Button loading={renew.isPending} onClick={() => renew.mutate(undefined)}>
            {left > 0 ? t('security.recovery.renew') : t('security.recovery.make')}
          </Button>
        </div>
        {codes ? (
          <Modal
            open
            title={t('security.recovery.title')}
            onCancel={() => setCodes(null)}
            mask={{ closable: false }}
            width={420}
            footer={
              <div className='row apart'>
                <Button onClick={() => saveFile(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }), 'recovery-codes.txt')}>
                  {t('security.recovery.save')}
                </Button>
                <Button type='primary' onClick={() => setCodes(null)}>
                  {t('security.recovery.kept')}
                </Button>
              </div>
            }
          >
            <p className='quiet'>{t('security.recovery.once')}</p>
            <ol className='security-codes'>
              {codes.map((code) => (
                <li key={code}>
                  <code>{code}</code>
                </li>
              ))}
            </ol>
          </Modal>
        ) : null}
      </div>
    </Card>
  )
}
