import { useTranslation } from 'react-i18next'
import type { Job } from '../../app/contract.ts'

/** Returns what a job is called, and what it came to, in the reader's language. */
export const useJobWords = () => {
  const { t } = useTranslation()
  const titleOf = ({ kind, act }: Job): string =>
    kind === 'bulk' && act
      ? t(`bulk.titles.${act}` as 'bulk.titles.tag', { defaultValue: t('jobKinds.bulk') })
      : t(`jobKinds.${kind}` as 'jobKinds.import', { defaultValue: kind })
  const outcomeOf = ({ kind, result }: Job): string => {
    const of = result ?? {}
    const parts =
      kind === 'undo'
        ? [
            t('jobs.undone', { count: of.undone ?? 0 }),
            of.partly ? t('jobs.partly', { count: of.partly }) : '',
            of.kept ? t('jobs.kept', { count: of.kept }) : '',
          ]
        : kind === 'bulk'
          ? [
              t('jobs.changed', { count: of.changed ?? 0 }),
              of.unchanged ? t('jobs.unchanged', { count: of.unchanged }) : '',
              of.refused ? t('jobs.stayed', { count: of.refused }) : '',
            ]
          : kind === 'export'
            ? [
                t('jobs.exported', { count: of.exported ?? 0 }),
                of.missing ? t('jobs.missing', { count: of.missing }) : '',
                of.damaged ? t('jobs.damagedOut', { count: of.damaged }) : '',
              ]
            : kind === 'duplicates'
              ? [t('duplicates.searched')]
              : kind === 'merge'
                ? [t('duplicates.merged')]
                : []
    return parts.filter(Boolean).join(t('jobs.semicolon'))
  }
  return { titleOf, outcomeOf }
}
