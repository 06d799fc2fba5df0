import { useTranslation } from 'react-i18next'
import { ApiError } from '../../app/apiError.ts'
import { dutyKey } from '../roles/dutyKey.ts'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'

/** Shows a refusal of a change of rights: that nobody would be left as owner, or with a duty, and what to do first; any other error as it is. */
export const KeeperNote = ({ error, name }: { error: unknown; name: string }) => {
  const { t } = useTranslation()
  const code = error instanceof ApiError ? error.code : null
  if (code === 'last_owner') return <Trouble title={t('grants.lastOwner')}>{t('grants.lastOwnerWhat', { name })}</Trouble>
  const given = error instanceof ApiError ? error.details['duty'] : null
  if (code === 'nobody_left' && typeof given === 'string') {
    const duty = t(`duties.${dutyKey(given)}.title` as 'duties.calls_take.title', { defaultValue: given })
    return <Trouble title={t('grants.nobodyLeft', { duty })}>{t('grants.nobodyLeftWhat', { duty })}</Trouble>
  }
  return <ErrorNote error={error} />
}
