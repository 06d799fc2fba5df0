import { type ReactNode, useId } from 'react'
import { Icon } from './Icon.tsx'

/** What an input needs to be tied to its label, hint and problem. */
export type Ties = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean; status?: 'error' }

type FieldProps = {
  label: ReactNode
  aside?: ReactNode
  hint?: ReactNode
  problem?: string | null | undefined
  children: (ties: Ties) => ReactNode
}

/** A labelled input with its hint and its problem, tied together for screen readers. */
export const Field = ({ label, aside, hint, problem, children }: FieldProps) => {
  const id = useId()
  const note = `${id}-note`
  const ties: Ties = {
    id,
    ...(problem || hint ? { 'aria-describedby': note } : {}),
    ...(problem ? { 'aria-invalid': true, status: 'error' as const } : {}),
  }
  return (
    <div className='field'>
      <label htmlFor={id}>
        <span>{label}</span>
        {aside ? <small>{aside}</small> : null}
      </label>
      {children(ties)}
      {problem ? (
        <span className='wrong' id={note}>
          <Icon name='warn' size={14} />
          {problem}
        </span>
      ) : hint ? (
        <span className='hint' id={note}>
          {hint}
        </span>
      ) : null}
    </div>
  )
}
