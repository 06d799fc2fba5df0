import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

type PageProps = { title: string; documentTitle?: string; sub?: ReactNode; lead?: ReactNode; actions?: ReactNode; children: ReactNode }

/** A page: heading, actions, content. Names the browser tab and moves focus to the heading, so that a screen reader hears where it is. */
export const Page = ({ title, documentTitle, sub, lead, actions, children }: PageProps) => {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // Names of customers stay out of the tab title: the browser writes it into its history on disk.
    document.title = `${documentTitle ?? title} · ${t('brand')}`
  }, [documentTitle, title, t])
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest('nav')) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className='page'>
      <header>
        {lead}
        <div className='grow'>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {sub ? <div className='sub'>{sub}</div> : null}
        </div>
        {actions ? <div className='acts'>{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}
