import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportLimits } from '../../../domain/export/limits.ts'
import { roleName } from '../../../domain/policy/roleLabels.ts'
import { useLanguage } from '../../app/preferences.ts'
import { request } from '../../app/request.ts'
import { Card } from '../../ui/Card.tsx'
import { Field } from '../../ui/Field.tsx'
import { say } from '../../ui/toast.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'

/** What may leave without agreement and in a day, for whoever answers for it. */
export const LimitsCard = () => {
  const { t } = useTranslation()
  const language = useLanguage()
  const client = useQueryClient()
  const key = ['exports', 'limits']
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<ExportLimits>('GET', '/api/exports/limits', { signal }),
  })
  const [draft, setDraft] = useState<ExportLimits | null>(null)
  const save = useMutation({
    mutationFn: (limits: ExportLimits) => request<ExportLimits>('PUT', '/api/exports/limits', { body: limits }),
    onSuccess: (limits) => {
      client.setQueryData(key, limits)
      setDraft(null)
      say(t('exports.saved'))
    },
    gcTime: 0,
  })
  const limits = draft ?? data
  if (error) return <ErrorNote error={error} />
  if (!limits) return null
  const number = (label: string, value: number, change: (value: number) => ExportLimits) => (
    <Field key={label} label={label}>
      {(ties) => (
        <InputNumber
          {...ties}
          min={0}
          max={1_000_000}
          precision={0}
          value={value}
          style={{ width: '100%' }}
          onChange={(given) => setDraft(change(given ?? 0))}
        />
      )}
    </Field>
  )
  return (
    <Card title={t('exports.limits')} aside={t('exports.limitsSub')}>
      <div className='stack'>
        <div className='export-limits'>
          {number(t('exports.threshold'), limits.threshold, (threshold) => ({ ...limits, threshold }))}
          {number(t('exports.filesPerDay'), limits.filesPerDay, (filesPerDay) => ({ ...limits, filesPerDay }))}
          {number(t('exports.rowsPerDay'), limits.rowsPerDay, (rowsPerDay) => ({ ...limits, rowsPerDay }))}
          {Object.entries(limits.rowsPerDayOf).map(([role, rows]) =>
            number(t('exports.ofRole', { role: roleName(role, language === 'en' ? 'en' : 'zh') }), rows, (value) => ({
              ...limits,
              rowsPerDayOf: { ...limits.rowsPerDayOf, [role]: value },
            })),
          )}
        </div>
        {save.isError ? <ErrorNote error={save.error} /> : null}
        {draft ? (
          <div className='row'>
            <Button type='primary' loading={save.isPending} onClick={() => save.mutate(draft)}>
              {t('exports.save')}
            </Button>
            <Button onClick={() => setDraft(null)}>{t('cancel')}</Button>
          </div>
        ) : null}
      </div>
    </Card>
  )
}
