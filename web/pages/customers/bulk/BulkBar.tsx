import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BulkKind } from '../../../../domain/crm/bulkChange.ts'
import type { Scope } from '../../../../domain/policy/decide.ts'
import type { Action } from '../../../../domain/policy/role.ts'
import { Icon, type IconName } from '../../../ui/Icon.tsx'
import { LazyExportDialog } from '../../exports/LazyExportDialog.tsx'
import { BulkDialog } from './BulkDialog.tsx'
import type { Selection } from './useSelection.ts'

type BulkBarProps = {
  selection: Selection
  scope: Scope
  /** The list's query, for all that match. */
  query: string
  /** How many match. */
  total: number
  trashed: boolean
}

const icons: Record<BulkKind, IconName> = {
  tag: 'plus',
  untag: 'close',
  owner: 'people',
  pool: 'exit',
  store: 'office',
  trash: 'trash',
  restore: 'undo',
}

const kindsFor = (scope: Scope, trashed: boolean): BulkKind[] => {
  const may = (action: Action): boolean => (scope.actions[action] ?? { kind: 'none' }).kind !== 'none'
  if (trashed) return may('restore') ? ['restore'] : []
  const tags = scope.fields['tags']?.write.kind ?? 'none'
  return [
    ...(may('update') && tags !== 'none' ? (['tag', 'untag'] as const) : []),
    ...(may('handOver') ? (['owner', 'pool', 'store'] as const) : []),
    ...(may('trash') ? (['trash'] as const) : []),
  ]
}

const mayExport = (scope: Scope, trashed: boolean): boolean => !trashed && (scope.actions.export ?? { kind: 'none' }).kind !== 'none'

/** Whether the actor may do anything with many customers at once. */
export const mayBulk = (scope: Scope, trashed: boolean): boolean => kindsFor(scope, trashed).length > 0 || mayExport(scope, trashed)

/** What can be done with the customers that are picked; there only while some are. */
export const BulkBar = ({ selection, scope, query, total, trashed }: BulkBarProps) => {
  const { t } = useTranslation()
  const [kind, setKind] = useState<BulkKind | null>(null)
  const [exporting, setExporting] = useState(false)
  const count = selection.whole ? total : selection.ids.length
  if (count === 0) return null
  const all = selection.picking.page === 'all'
  return (
    <section className='bulk-bar' aria-label={t('bulk.bar')}>
      <div className='row'>
        <b role='status'>{t('bulk.picked', { count })}</b>
        {all && !selection.whole && total > count ? (
          <button type='button' className='chip tall' onClick={selection.takeWhole}>
            {t('bulk.takeWhole', { count: total })}
          </button>
        ) : null}
        {all ? null : (
          <button type='button' className='chip tall narrow-only' onClick={selection.picking.togglePage}>
            {t('bulk.pickPage')}
          </button>
        )}
        <button type='button' className='chip bare tall' onClick={selection.clear}>
          <Icon name='close' size={13} />
          {t('bulk.clear')}
        </button>
      </div>
      <div className='row acts'>
        {kindsFor(scope, trashed).map((one) => (
          <Button key={one} size='small' danger={one === 'trash'} icon={<Icon name={icons[one]} size={14} />} onClick={() => setKind(one)}>
            {t(`bulk.kinds.${one}`)}
          </Button>
        ))}
        {mayExport(scope, trashed) ? (
          <Button size='small' icon={<Icon name='download' size={14} />} onClick={() => setExporting(true)}>
            {t('exports.act')}
          </Button>
        ) : null}
      </div>
      {exporting ? (
        <LazyExportDialog
          select={selection.whole ? { query } : { ids: selection.ids }}
          onStarted={() => {
            setExporting(false)
            selection.clear()
          }}
          onClose={() => setExporting(false)}
        />
      ) : null}
      {kind ? (
        <BulkDialog
          kind={kind}
          select={selection.whole ? { query } : { ids: selection.ids }}
          onStarted={() => {
            setKind(null)
            selection.clear()
          }}
          onClose={() => setKind(null)}
        />
      ) : null}
    </section>
  )
}
