import { useTranslation } from 'react-i18next'
import { roleName } from '../../domain/policy/roleLabels.ts'
import { formatDay } from '../ui/formatTime.ts'
import { useDirectory } from './directory.ts'
import { useLanguage } from './preferences.ts'
import { useActor } from './session.ts'

/** In whose place one stands, and which role one has, for a while; nothing for most. */
export const ForAWhile = () => {
  const { t } = useTranslation()
  const language = useLanguage() === 'en' ? 'en' : 'zh'
  const { staffId, standings } = useActor()
  const staff = useDirectory('staff')
  const lines = standings.flatMap(({ roleId, name, kind, until, ownerIds }) => {
    if (kind === 'lasting' || until === null) return []
    // The last day is named, not the midnight after it.
    const day = formatDay(new Date(Date.parse(until) - 1).toISOString())
    if (kind !== 'delegated') return [t('standIn.alsoIs', { role: roleName(roleId, language, name), day })]
    const whose = ownerIds.find((id) => id !== staffId)
    return [t('standIn.inPlaceOf', { name: staff.nameOf(whose) ?? t('unknownName'), day })]
  })
  return [...new Set(lines)].map((line) => (
    <div key={line} className='for-a-while'>
      <span className='tag' data-tone='accent'>
        {line}
      </span>
    </div>
  ))
}
