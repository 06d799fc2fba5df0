import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../app/apiError.ts'
import { Icon } from './Icon.tsx'

/** A message that needs reading: `danger` something failed, `warn` something wants doing, `info` something to know. */
export const Trouble = ({
  tone = 'danger',
  title,
  children,
  id,
}: {
  tone?: 'danger' | 'warn' | 'info'
  title: ReactNode
  children?: ReactNode
  id?: string | null
}) => {
  const { t } = useTranslation()
  return (
    <div className='trouble' data-tone={tone} role={tone === 'danger' ? 'alert' : undefined}>
      <Icon name={tone === 'info' ? 'info' : 'warn'} />
      <div className='stack tight'>
        <b>{title}</b>
        {children ? <div>{children}</div> : null}
        {id ? <div className='id'>{t('requestId', { id })}</div> : null}
      </div>
    </div>
  )
}

/** Returns what happened and what to do for any error, in the reader's language. */
export const useErrorWords = (): ((error: unknown) => { title: string; advice: string; id: string | null }) => {
  const { t } = useTranslation()
  return (error) => {
    const code = error instanceof ApiError ? error.code : 'internal'
    const details = error instanceof ApiError ? error.details : {}
    const retryAfter = typeof details['retryAfter'] === 'number' ? details['retryAfter'] : null
    const general = t(`errors.${code}.advice`)
    const advice =
      code === 'throttled' && retryAfter
        ? t('throttledFor', { minutes: Math.ceil(retryAfter / 60) })
        : code === 'file_unreadable'
          ? t(`fileProblems.${String(details['reason'])}` as 'fileProblems.empty', { line: String(details['line']), defaultValue: general })
          : (code === 'not_undoable' || code === 'forbidden') && typeof details['why'] === 'string'
            ? t(`notUndone.${details['why']}` as 'notUndone.undone', { defaultValue: general })
            : general
    return { title: t(`errors.${code}.title`), advice, id: error instanceof ApiError ? error.requestId : null }
  }
}

/** Shows an error: what happened, what to do, and the request id to quote. `children` may offer the act that helps. */
export const ErrorNote = ({ error, children }: { error: unknown; children?: ReactNode }) => {
  const words = useErrorWords()(error)
  return (
    <Trouble title={words.title} id={words.id}>
      {words.advice}
      {children ? (
        <div className='row' style={{ marginTop: 8 }}>
          {children}
        </div>
      ) : null}
    </Trouble>
  )
}
