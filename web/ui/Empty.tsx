import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'

/** What stands where nothing is: what it means, and what to do next. */
export const Empty = ({ icon, title, children, actions }: { icon: IconName; title: string; children?: ReactNode; actions?: ReactNode }) => (
  <div className='empty'>
    <span className='mark-big'>
      <Icon name={icon} size={26} />
    </span>
    <h2>{title}</h2>
    {children ? <p>{children}</p> : null}
    {actions ? <div className='row'>{actions}</div> : null}
  </div>
)
