import type { ChangeEvent } from 'react'
import { useTranslation } from 'react-i18next'

/** Picking rows of a list. `page`: whether all, some or none of the rows that are shown are picked. */
export type Picking = {
  readonly has: (id: string) => boolean
  /** `range`: all from the row picked last to this one (Shift held). */
  readonly toggle: (id: string, range: boolean) => void
  readonly page: 'all' | 'some' | 'none'
  readonly togglePage: () => void
}

// React hands a checkbox's click on as its change; Shift stands in the click, also where it came from the keyboard.
const withShift = ({ nativeEvent }: ChangeEvent): boolean => nativeEvent instanceof MouseEvent && nativeEvent.shiftKey

/** The box that picks one row. */
export const PickCell = ({ picked, name, onPick }: { picked: boolean; name: string; onPick: (range: boolean) => void }) => {
  const { t } = useTranslation()
  return (
    <td className='pick'>
      <label>
        <input type='checkbox' aria-label={t('bulk.pick', { name })} checked={picked} onChange={(event) => onPick(withShift(event))} />
      </label>
    </td>
  )
}

/** The box in the head of the list: all rows of the page, or none. */
export const PickHead = ({ picking }: { picking: Picking }) => {
  const { t } = useTranslation()
  return (
    <th scope='col' className='pick'>
      <label>
        <input
          type='checkbox'
          aria-label={t('bulk.pickPage')}
          checked={picking.page === 'all'}
          ref={(box) => {
            if (box) box.indeterminate = picking.page === 'some'
          }}
          onChange={picking.togglePage}
        />
      </label>
    </th>
  )
}
