import { Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { kitProven } from '../pages/keys/keysStatus.ts'
import { Icon } from '../ui/Icon.tsx'
import { useBackups, useCertificate, useKeysStatus, useReadiness } from './health.ts'
import { useDuty } from './session.ts'

type Check = { tone: 'ok' | 'warn' | 'danger'; words: string; to?: string; act?: string }

/** The guard's state in words: what is fine, what wants doing. Colour only repeats it. */
export const Guard = () => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const readiness = useReadiness()
  const keys = useKeysStatus()
  const backups = useBackups()
  const certificate = useCertificate()
  const mayKeys = useDuty('keys.manage')
  const mayBackUp = useDuty('backup.manage')
  const checks: Check[] = []
  if (readiness.isError) checks.push({ tone: 'danger', words: t('guard.unreachable') })
  else if (readiness.data && !readiness.data.ready) {
    for (const reason of readiness.data.reasons)
      checks.push({
        tone: 'danger',
        words: t(`guard.reasons.${reason.code}` as 'guard.reasons.internal', { defaultValue: t('guard.reasons.internal') }),
      })
    if (readiness.data.reasons.length === 0) checks.push({ tone: 'danger', words: t('guard.reasons.internal') })
  } else if (readiness.data) checks.push({ tone: 'ok', words: t('guard.serving') })
  if (keys.data) {
    if (kitProven(keys.data) === null)
      checks.push({ tone: 'warn', words: t('guard.kitUnproven'), to: '/keys', ...(mayKeys ? { act: t('guard.proveNow') } : {}) })
    else checks.push({ tone: 'ok', words: t('guard.kitProven') })
  }
  if (backups.data) {
    if (backups.data.due)
      checks.push({ tone: 'warn', words: t('guard.backupDue'), to: '/backups', ...(mayBackUp ? { act: t('guard.backUpNow') } : {}) })
    else checks.push({ tone: 'ok', words: t('guard.backedUp') })
  }
  const shown = certificate.data?.certificate
  if (shown) {
    const { daysLeft, problem, source } = shown
    const left = daysLeft === null ? t('guard.certificateAwaited') : t('guard.certificateEnds', { count: Math.max(0, daysLeft) })
    const failed = source === 'files' ? t('guard.certificateBroken', { left }) : t('guard.certificateNotRenewed', { left })
    if (certificate.data?.due)
      checks.push({ tone: daysLeft !== null && daysLeft < 7 ? 'danger' : 'warn', words: problem === null ? left : failed })
    else checks.push({ tone: 'ok', words: left })
  }
  const worst = checks.find((check) => check.tone === 'danger') ?? checks.find((check) => check.tone === 'warn')
  const tone = worst?.tone ?? 'ok'
  const short = tone === 'ok' ? t('guard.fine') : tone === 'warn' ? t('guard.todo') : t('guard.trouble')
  const list = (
    <ul className='stack tight' style={{ maxWidth: 'min(340px, 68vw)' }} aria-label={short}>
      {checks.map((check, i) => (
        <li key={i} className='row' style={{ flexWrap: 'nowrap', alignItems: 'baseline' }}>
          <span className='tag' data-tone={check.tone} style={{ flexShrink: 0 }}>
            {check.tone === 'ok' ? t('guard.ok') : check.tone === 'warn' ? t('guard.do') : t('guard.bad')}
          </span>
          <span>
            {check.words}{' '}
            {check.to && check.act ? (
              <Link to={check.to} onClick={() => setOpen(false)} className='nowrap' style={{ textDecoration: 'underline' }}>
                {check.act}
              </Link>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  )
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger='click'
      placement='bottomRight'
      content={
        <div role='dialog' aria-label={short}>
          {list}
        </div>
      }
      arrow={false}
    >
      <button type='button' className='guard' data-tone={tone} aria-expanded={open}>
        <Icon name={tone === 'ok' ? 'shield' : 'warn'} size={16} />
        <span>{short}</span>
        {worst ? (
          <span className='long clip' style={{ maxWidth: 290 }}>
            · {worst.words}
          </span>
        ) : null}
      </button>
    </Popover>
  )
}
