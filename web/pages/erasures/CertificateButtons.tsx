import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { requestFile } from '../../app/request.ts'
import { saveFile } from '../../app/saveFile.ts'
import { Icon } from '../../ui/Icon.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'

/** Fetches the certificate of an erasure, as PDF for people and as JSON for machines. */
export const CertificateButtons = ({ subject, small = false }: { subject: number; small?: boolean }) => {
  const { t } = useTranslation()
  const get = useMutation({
    mutationFn: async (kind: 'pdf' | 'json') =>
      saveFile(await requestFile(`/api/erasures/${subject}/certificate.${kind}`), `${t('erasures.file', { subject })}.${kind}`),
    gcTime: 0,
  })
  return (
    <span className='row'>
      {(['pdf', 'json'] as const).map((kind) => (
        <Button
          key={kind}
          size={small ? 'small' : 'middle'}
          icon={<Icon name='download' size={15} />}
          loading={get.isPending && get.variables === kind}
          onClick={() => get.mutate(kind)}
        >
          {kind.toUpperCase()}
          <span className='unseen'> {t('erasures.get', { subject })}</span>
        </Button>
      ))}
      {get.isError ? <ErrorNote error={get.error} /> : null}
    </span>
  )
}
