import { useTranslation } from 'react-i18next'

/** Returns the words for why a job left a record as it was; a code that this client does not know stands for itself. */
export const useWhy = (): ((code: string) => string) => {
  const { t } = useTranslation()
  return (code) => t(`why.${code}` as 'why.forbidden', { defaultValue: code })
}
