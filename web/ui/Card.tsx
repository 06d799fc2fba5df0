import { type ReactNode, useId } from 'react'

/** A titled region of a page. `aside` stands at the right of the title. */
export const Card = ({
  title,
  aside,
  children,
  className = '',
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  className?: string
}) => {
  const id = useId()
  return (
    <section className={`card ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <small>{aside}</small>}
      </header>
      {children}
    </section>
  )
}
