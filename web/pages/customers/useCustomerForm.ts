import { useTranslation } from 'react-i18next'
import type { FormShape } from '../../catalogue/EntityForm.tsx'

/** What one is told on a Monday morning: who, how to reach them, where they live, how they came. */
const asked = ['name', 'kind', 'phones', 'wechatIds', 'addresses', 'source'] as const

/** Returns how the form of a customer is laid out, and what it explains on the way. */
export const useCustomerForm = (): FormShape => {
  const { t } = useTranslation()
  return {
    lead: asked,
    hint: (name, value) => {
      if (name === 'basis') return typeof value === 'string' && value !== '' ? t(`basis.${value}` as 'basis.contract') : t('basis.none')
      return name === 'facts' ? t('facts.hint') : null
    },
  }
}
