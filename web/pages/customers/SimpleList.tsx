import { Pagination } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { customer } from '../../../domain/crm/customer.ts'
import type { RecordView } from '../../app/contract.ts'
import { useValueText } from '../../catalogue/FieldValue.tsx'
import { PickCell, PickHead, type Picking } from '../../catalogue/PickCell.tsx'
import { plainOf } from '../../catalogue/plainOf.ts'
import { Icon } from '../../ui/Icon.tsx'

type SimpleListProps = {
  rows: readonly RecordView[]
  total: number
  page: number
  pageSize: number
  onPage: (page: number) => void
  picking?: Picking | undefined
  /** Whether to say whose they are. */
  owners?: boolean
  /** When, under this heading. */
  when: { label: string; of: (row: RecordView) => string }
  /** What can be done with one of them. */
  renderActs: (row: RecordView) => ReactNode
}

/** A short list of customers with something to do for each: who, where, whose, when. */
export const SimpleList = ({ rows, total, page, pageSize, onPage, picking, owners = false, when, renderActs }: SimpleListProps) => {
  const { t } = useTranslation()
  const text = useValueText()
  const owner = (row: RecordView): string =>
    typeof row['ownerId'] === 'string' ? text(customer.fields.ownerId, row['ownerId']) : t('pool.nobody')
  return (
    <>
      <table className='grid-table simple'>
        <thead>
          <tr>
            {picking ? <PickHead picking={picking} /> : null}
            <th scope='col'>{t('pool.who')}</th>
            <th scope='col'>{t('pool.where')}</th>
            {owners ? <th scope='col'>{t('pool.whose')}</th> : null}
            <th scope='col'>{when.label}</th>
            <th scope='col' className='acts-head'>
              <span className='away'>{t('pool.acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const name = plainOf(row['name']) ?? '—'
            return (
              <tr key={row.id} className={picking?.has(row.id) ? 'picked' : ''}>
                {picking ? <PickCell picked={picking.has(row.id)} name={name} onPick={(range) => picking.toggle(row.id, range)} /> : null}
                <td className='first'>
                  <Link className='lead row nowrap-row' to={`/customers/${row.id}`}>
                    <Icon name={row['kind'] === 'organisation' ? 'office' : 'home'} size={15} />
                    <span className='clip'>{name}</span>
                  </Link>
                </td>
                <td className='half' data-label={t('pool.where')}>
                  {typeof row['storeId'] === 'string' ? text(customer.fields.storeId, row['storeId']) : '—'}
                </td>
                {owners ? (
                  <td className='half' data-label={t('pool.whose')}>
                    {owner(row)}
                  </td>
                ) : null}
                <td className='quiet nowrap' data-label={when.label}>
                  {when.of(row)}
                </td>
                <td>
                  <span className='row line-acts'>{renderActs(row)}</span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {total > pageSize ? (
        <div className='pager'>
          <span />
          <Pagination current={page} pageSize={pageSize} total={total} showSizeChanger={false} responsive showLessItems onChange={onPage} />
        </div>
      ) : null}
    </>
  )
}
