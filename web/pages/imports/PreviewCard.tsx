import { useTranslation } from 'react-i18next'
import type { Field } from '../../../domain/catalogue/field.ts'
import { customer } from '../../../domain/crm/customer.ts'
import type { ImportPreview } from '../../app/contract.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { formatPhone } from '../../ui/formatPhone.ts'
import { Card } from '../../ui/Card.tsx'
import { textOf } from './readStaged.ts'

const fields = Object.entries(customer.fields as Record<string, Field>)

type PreviewProps = { preview: ImportPreview; rows: number; outdated: boolean }

/** The first rows as they would be imported, those with problems among them, and how many of the rows that were tried have which. */
export const PreviewCard = ({ preview, rows: total, outdated }: PreviewProps) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const rows = preview.preview
  const shown = fields.filter(([name, field]) => field.kind !== 'ref' && rows.some((row) => textOf(row.values?.[name]) !== ''))
  const withProblems = rows.some((row) => row.problems.length > 0)
  // Four numbers that are too short are one thing to tell.
  const wordsFor = (problem: string): string => t(`problems.${problem}` as 'problems.required', { defaultValue: t('problems.other') })
  const wordsOf = (row: ImportPreview['preview'][number]): string[] => [...new Set(row.problems.map((one) => wordsFor(one.problem)))]
  const cell = (field: Field, value: unknown): string => {
    if (field.kind === 'phone' && Array.isArray(value)) return value.map((one) => formatPhone(String(one))).join('、')
    const label = field.kind === 'choice' ? field.values?.[String(value)] : undefined
    return label ? labelOf({ label }) : textOf(value)
  }
  return (
    <Card
      title={t('imports.preview')}
      aside={outdated ? t('imports.previewing') : t('imports.previewOf', { shown: rows.length, count: total })}
    >
      {preview.problems.length > 0 ? (
        <p className='found-problems'>
          <span className='quiet small'>{t('imports.checked', { count: preview.checked })}</span>
          {preview.problems.map(({ problem, count }) => (
            <span key={problem} className='tag' data-tone='warn'>
              {t('imports.timesProblem', { problem: wordsFor(problem), count })}
            </span>
          ))}
        </p>
      ) : null}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <div className={outdated ? 'scroll-x stale' : 'scroll-x'} tabIndex={0} role='group' aria-label={t('imports.preview')}>
        <table className='sheet-table'>
          <thead>
            <tr>
              <th scope='col'>{t('imports.line')}</th>
              {withProblems ? <th scope='col'>{t('imports.problem')}</th> : null}
              {shown.map(([name, field]) => (
                <th key={name} scope='col'>
                  {labelOf(field)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.row} data-bad={row.problems.length > 0}>
                <td className='quiet'>{row.row}</td>
                {withProblems ? <td className='small why'>{wordsOf(row).join(t('listComma'))}</td> : null}
                {shown.map(([name, field]) => (
                  <td key={name} className='clip'>
                    {cell(field, row.values?.[name])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}
