import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../../app/request.ts'
import { Card } from '../../ui/Card.tsx'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'

type Verdict = { genuine: boolean; problems: ('format' | 'seal' | 'log')[] }

/** A certificate is a few kilobytes; whatever is larger is something else. */
const largest = 1_000_000

const readJson = async (file: File): Promise<Record<string, unknown> | null> => {
  if (file.size > largest) return null
  try {
    const value: unknown = JSON.parse(await file.text())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Takes a certificate that somebody brings, as JSON, and says whether it was issued here, is unchanged and agrees with the log. */
export const CheckCertificate = () => {
  const { t } = useTranslation()
  const picker = useRef<HTMLInputElement>(null)
  const check = useMutation({
    mutationFn: async (file: File): Promise<Verdict> => {
      const brought = await readJson(file)
      if (!brought) return { genuine: false, problems: ['format'] }
      return request<Verdict>('POST', '/api/erasures/verify', { body: brought })
    },
    gcTime: 0,
  })
  return (
    <Card title={t('erasures.check')}>
      <p className='quiet' style={{ marginBottom: 10 }}>
        {t('erasures.checkWhat')}
      </p>
      <Button loading={check.isPending} onClick={() => picker.current?.click()}>
        {t('erasures.choose')}
      </Button>
      <input
        ref={picker}
        hidden
        type='file'
        accept='.json,application/json'
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) check.mutate(file)
          event.target.value = ''
        }}
      />
      <div role='status' style={{ marginTop: 12 }}>
        {check.isError ? <ErrorNote error={check.error} /> : null}
        {check.data?.genuine ? (
          <Trouble tone='info' title={t('erasures.genuine')}>
            {t('erasures.genuineWhat')}
          </Trouble>
        ) : null}
        {check.data && !check.data.genuine ? (
          <Trouble title={t('erasures.notGenuine')}>
            {check.data.problems.map((problem) => t(`erasures.problems.${problem}`)).join(' ')}
          </Trouble>
        ) : null}
      </div>
    </Card>
  )
}
