import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Ground, grounds } from '../../domain/privacy/grounds.ts'
import { type ExportPurpose, exportPurposes } from '../../domain/export/terms.ts'
import { catalogue, type EntityName } from '../../domain/catalogue/all.ts'
import type { Entity } from '../../domain/catalogue/entity.ts'
import type { AuditEntry } from '../app/contract.ts'
import { useLabel } from '../catalogue/FieldValue.tsx'

const isEntity = (name: string | null | undefined): name is EntityName => typeof name === 'string' && Object.hasOwn(catalogue, name)

/** One entry as a sentence: who did what to whom, which fields, why. It names people by number; the log holds no names of customers. */
export const AuditSentence = ({ entry, linked }: { entry: AuditEntry; linked: boolean }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const entity: Entity | null = isEntity(entry.entity) ? (catalogue[entry.entity] as Entity) : null
  const count = entry.count ?? Math.max(entry.ids?.length ?? 0, entry.subjects?.length ?? 0)
  const subject = entry.subjects?.length === 1 ? entry.subjects[0] : undefined
  const id = entry.entity === 'customer' && entry.ids?.length === 1 ? entry.ids[0] : undefined
  const fields = (entry.fields ?? []).flatMap((name) => (entity?.fields[name] ? [labelOf(entity.fields[name])] : []))
  const whom =
    !entity || count === 0
      ? null
      : count === 1 && subject !== undefined
        ? t(entity.subject === 'self' ? 'audit.one' : 'audit.below', { entity: labelOf(entity), number: subject })
        : t('audit.many', { count, entity: labelOf(entity) })
  const inVain = count === 0 && entry.outcome === 'done' && (entry.action === 'search' || entry.action === 'list') ? entry.action : null
  return (
    <span>
      <b>{entry.staffName ?? t('audit.system')}</b>{' '}
      {inVain ? t(`audit.inVain.${inVain}`) : t(`acts.${entry.action}` as 'acts.read', { defaultValue: entry.action })}{' '}
      {whom ? id && linked ? <Link to={`/customers/${id}`}>{whom}</Link> : whom : null}
      {fields.length > 0 && fields.length <= 4 ? (
        <span className='quiet'> · {fields.join(t('listComma'))}</span>
      ) : fields.length > 4 ? (
        <span className='quiet'> · {t('audit.fields', { count: fields.length })}</span>
      ) : null}
      {entry.reason ? (
        <span className='tag' style={{ marginLeft: 6 }}>
          {entry.action === 'erase' && Object.hasOwn(grounds, entry.reason)
            ? labelOf({ label: grounds[entry.reason as Ground] })
            : Object.hasOwn(exportPurposes, entry.reason) && entry.reason !== 'other'
              ? labelOf({ label: exportPurposes[entry.reason as ExportPurpose] })
              : t(`reasons.${entry.reason}` as 'reasons.other', { defaultValue: entry.reason })}
        </span>
      ) : null}
      {entry.via === 'relay' ? <span className='tag'>{t('uses.viaRelay')}</span> : null}
      {entry.note || entry.address ? (
        <span className='small faint'> · {[entry.note, entry.address].filter(Boolean).join(' · ')}</span>
      ) : null}
    </span>
  )
}
