import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { RecordView } from '../../app/contract.ts'
import { EraseRecordDialog } from '../erasures/EraseRecordDialog.tsx'

/** Erases a customer, and leads back to the list of those who are left. */
export const EraseDialog = ({ record, name, onClose }: { record: RecordView; name: string; onClose: () => void }) => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const onErased = () => {
    void navigate('/customers')
    void client.invalidateQueries({ queryKey: ['customers', 'list'] })
    // Once the page that shows them is gone; else it would ask for them again.
    setTimeout(() => client.removeQueries({ queryKey: ['customers', record.id] }), 500)
  }
  return <EraseRecordDialog path='customers' record={record} name={name} leave={t('erase.close')} onErased={onErased} onClose={onClose} />
}
