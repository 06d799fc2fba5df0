import { type ReactNode, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnfolded, keepUnfolded } from '../app/preferences.ts'
import { Icon } from '../ui/Icon.tsx'

type MoreProps = { name: string; /** Something in it is to be seen now. */ wanted: boolean; children: ReactNode }

/** The part of a form that is seldom needed: folded until somebody wants it, and from then on as they left it. */
export const More = ({ name, wanted, children }: MoreProps) => {
  const { t } = useTranslation()
  const id = useId()
  const [unfolded, setUnfolded] = useState(() => isUnfolded(name))
  const open = unfolded || wanted
  useEffect(() => {
    // It does not fold under the cursor once what was wrong is mended.
    if (wanted) setUnfolded(true)
  }, [wanted])
  return (
    <div className='more'>
      <button
        type='button'
        className='chip bare tall'
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          setUnfolded(!open)
          keepUnfolded(name, !open)
        }}
      >
        <Icon name={open ? 'down' : 'right'} size={13} />
        {open ? t('form.less') : t('form.rest')}
      </button>
      <div id={id} hidden={!open}>
        {children}
      </div>
    </div>
  )
}
