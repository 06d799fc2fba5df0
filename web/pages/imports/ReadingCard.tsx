import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Staged } from '../../app/contract.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { delimiters, encodings, type Reading } from './readStaged.ts'

/** How the file was read, so that whoever knows better says so: which sheet, which row is the header, encoding and delimiter of a text. */
export const ReadingCard = ({ staged, busy, onChange }: { staged: Staged; busy: boolean; onChange: (reading: Reading) => void }) => {
  const { t } = useTranslation()
  const { sheets, sheet, headerLine, head, encoding, delimiter } = staged
  const isText = staged.format === 'csv'
  const now: Reading = {
    ...(sheet === null ? {} : { sheet }),
    ...(headerLine === null ? {} : { headerLine }),
    ...(isText && encoding ? { encoding } : {}),
    ...(isText && delimiter ? { delimiter } : {}),
  }
  // Another sheet, encoding or delimiter makes other rows: where the header is has to be found anew.
  const anew = (change: Reading): void => {
    const { headerLine: _line, ...rest } = now
    onChange({ ...rest, ...change })
  }
  const rows = head.map(({ line, cells }) => ({
    value: line,
    label: t('imports.headerRow', { line, cells: cells.filter((cell) => cell !== '').join(' · ') }),
  }))
  if (headerLine !== null && !rows.some(({ value }) => value === headerLine))
    rows.unshift({ value: headerLine, label: t('imports.headerRow', { line: headerLine, cells: '' }) })
  return (
    <Card title={t('imports.howRead')} aside={t(`imports.formats.${staged.format}`)}>
      <div className='form-grid'>
        {sheets.length > 1 ? (
          <Field label={t('imports.sheet')} hint={t('imports.sheetHint', { count: sheets.length })}>
            {(ties) => (
              <Select
                {...ties}
                disabled={busy}
                value={sheet}
                options={sheets.map((name, value) => ({ value, label: name }))}
                onChange={(value: number | null) => value !== null && anew({ sheet: value })}
              />
            )}
          </Field>
        ) : null}
        {headerLine === null ? null : (
          <Field label={t('imports.header')}>
            {(ties) => (
              <Select
                {...ties}
                disabled={busy}
                value={headerLine}
                options={rows}
                onChange={(value: number) => onChange({ ...now, headerLine: value })}
              />
            )}
          </Field>
        )}
        {isText ? (
          <>
            <Field label={t('imports.encodingLabel')} hint={t('imports.encodingHint')}>
              {(ties) => (
                <Select
                  {...ties}
                  disabled={busy}
                  value={encoding}
                  options={encodings.map((value) => ({ value, label: t(`imports.encodings.${value}`) }))}
                  onChange={(value: string | null) => value !== null && anew({ encoding: value })}
                />
              )}
            </Field>
            <Field label={t('imports.delimiter')}>
              {(ties) => (
                <Select
                  {...ties}
                  disabled={busy}
                  value={delimiter}
                  options={Object.entries(delimiters).map(([value, name]) => ({ value, label: t(`imports.delimiters.${name}`) }))}
                  onChange={(value: string | null) => value !== null && anew({ delimiter: value })}
                />
              )}
            </Field>
          </>
        ) : null}
      </div>
    </Card>
  )
}
