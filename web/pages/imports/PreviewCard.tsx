import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/Card.tsx'
import type { Preview, Target } from './readStaged.ts'

/** The first rows as they would be imported, with what is wrong in each. */
export const PreviewCard = ({ preview, fields, rows }: { preview: Preview; fields: (Target | null)[]; rows: number }) => {
  const { t } = useTranslation()
  const shown = preview.columns.map((column, i) => ({ column, i })).filter(({ i }) => fields.length === 0 || fields[i] !== null)
  const withProblems = preview.rows.some((row) => row.problems.length > 0)
  return (
    <Card title={t('imports.preview')} aside={t('imports.previewOf', { shown: preview.rows.length, count: rows })}>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('imports.preview')}>
        <table className="sheet-table">
          <thead>
            <tr>
              <th scope="col">#</th>
              {withProblems ? <th scope="col">{t('imports.problem')}</th> : null}
              {shown.map(({ column, i }) => (
                <th key={i} scope="col">
                  {fields[i] ? t(`imports.targets.${fields[i]}`) : column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row) => (
              <tr key={row.line} data-bad={row.problems.length > 0}>
                <td className="faint">{row.line}</td>
                {withProblems ? (
                  <td className="small">
                    {row.problems.map((one) => t(`problems.${one.problem}` as 'problems.required', { defaultValue: t('problems.other') })).join(t('listComma'))}
                  </td>
                ) : null}
                {shown.map(({ i }) => (
                  <td key={i} className="clip">
                    {row.cells[i] ?? ''}
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
