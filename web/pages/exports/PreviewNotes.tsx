import { useTranslation } from 'react-i18next'
import type { ExportPreview } from '../../app/contract.ts'
import { useWhy } from '../../app/useWhy.ts'
import { Trouble } from '../../ui/Trouble.tsx'

/** What an export comes to, before it is started: who leaves, who stays and why, whether somebody has to agree, and what is left of the day. */
export const PreviewNotes = ({ plan, isNobody, isOver }: { plan: ExportPreview; isNobody: boolean; isOver: boolean }) => {
  const { t } = useTranslation()
  const why = useWhy()
  const { approval, quota } = plan
  const reasons = Object.entries(plan.refused.reasons)
  return (
    <div className='stack tight'>
      <p>
        <b>{t('exports.willLeave', { count: plan.count })}</b>
        <span className='faint small'> · {t('exports.quota', { rows: quota.rowsLeft, files: quota.filesLeft })}</span>
      </p>
      {isOver ? <Trouble tone='warn' title={t('exports.overQuota', { rows: quota.rowsLeft })} /> : null}
      {reasons.length > 0 ? (
        <Trouble tone='info' title={t('exports.willStay', { count: plan.refused.count })}>
          <ul>
            {reasons.map(([code, n]) => (
              <li key={code}>{t('bulk.because', { why: why(code), count: n })}</li>
            ))}
          </ul>
        </Trouble>
      ) : null}
      {approval.needed ? (
        <Trouble tone={isNobody ? 'warn' : 'info'} title={t('exports.needsAgreement', { threshold: approval.threshold })}>
          {approval.others > 0 ? t('exports.others', { count: approval.others }) : isNobody ? t('exports.othersNone') : null}
          {approval.self ? <div>{t('exports.selfLater')}</div> : null}
        </Trouble>
      ) : null}
      {plan.columns.some((column) => column.class === 'personal') ? (
        <Trouble tone='warn' title={t('exports.warnPersonal')}>
          {t('exports.warnPersonalWhat')}
        </Trouble>
      ) : null}
    </div>
  )
}
