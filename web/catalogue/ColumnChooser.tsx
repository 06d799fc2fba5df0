import { Checkbox, Popover } from 'antd'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'

type ColumnChooserProps = {
  /** Every column there may be, with its words; the first stays first and is always shown. */
  possible: readonly { name: string; words: string }[]
  /** The shown ones in order. */
  chosen: readonly string[]
  /** Whether they are the product's own choice. */
  isDefault: boolean
  onChoose: (names: readonly string[] | null) => void
}

/** Which columns a list has and in which order: by ticking, dragging, buttons, or Alt with an arrow key. */
export const ColumnChooser = ({ possible, chosen, isDefault, onChoose }: ColumnChooserProps) => {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [dragged, setDragged] = useState<string | null>(null)
  const lines = useRef<HTMLUListElement>(null)
  const [first, ...rest] = possible
  const wordsOf = new Map(possible.map(({ name, words }) => [name, words]))
  const movable = chosen.filter((name) => name !== first?.name && wordsOf.has(name))
  const hidden = rest.filter(({ name }) => !chosen.includes(name))
  const keep = (names: readonly string[]) => onChoose([...(first ? [first.name] : []), ...names])
  const moveTo = (name: string, to: number) => {
    if (to < 0 || to >= movable.length) return
    keep(movable.filter((one) => one !== name).toSpliced(to, 0, name))
    // The line moved under the finger or the focus: it keeps it.
    requestAnimationFrame(() => lines.current?.querySelector<HTMLElement>(`[data-name="${name}"] input`)?.focus())
  }
  const onKey = (event: KeyboardEvent, name: string) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    moveTo(name, movable.indexOf(name) + (event.key === 'ArrowUp' ? -1 : 1))
  }
  const content = (
    <div className='columns' role='dialog' aria-label={t('columns.title')}>
      <header className='row'>
        <b className='grow'>{t('columns.title')}</b>
        <button type='button' className='chip bare' disabled={isDefault} onClick={() => onChoose(null)}>
          {t('columns.reset')}
        </button>
      </header>
      <ul ref={lines}>
        {first ? (
          <li>
            <Checkbox checked disabled>
              {first.words}
            </Checkbox>
          </li>
        ) : null}
        {movable.map((name, at) => (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dragging is the mouse's way; keys and buttons are within
          <li
            key={name}
            data-name={name}
            draggable
            data-dragged={dragged === name}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              setDragged(name)
            }}
            onDragOver={(event) => {
              event.preventDefault()
              if (dragged !== null && dragged !== name) keep(movable.filter((one) => one !== dragged).toSpliced(at, 0, dragged))
            }}
            onDragEnd={() => setDragged(null)}
            onDrop={(event) => event.preventDefault()}
          >
            <span className='grip' aria-hidden='true' />
            <Checkbox
              checked
              onKeyDown={(event) => onKey(event, name)}
              disabled={movable.length === 1}
              onChange={() => keep(movable.filter((one) => one !== name))}
            >
              {wordsOf.get(name)}
            </Checkbox>
            <span className='steps-up-down'>
              <button
                type='button'
                className='chip bare'
                disabled={at === 0}
                aria-label={t('columns.up', { column: wordsOf.get(name) })}
                onClick={() => moveTo(name, at - 1)}
              >
                <Icon name='up' size={14} />
              </button>
              <button
                type='button'
                className='chip bare'
                disabled={at === movable.length - 1}
                aria-label={t('columns.down', { column: wordsOf.get(name) })}
                onClick={() => moveTo(name, at + 1)}
              >
                <Icon name='down' size={14} />
              </button>
            </span>
          </li>
        ))}
        {hidden.map(({ name, words }) => (
          <li key={name}>
            <span className='grip none' aria-hidden='true' />
            <Checkbox checked={false} onChange={() => keep([...movable, name])}>
              {words}
            </Checkbox>
          </li>
        ))}
      </ul>
      <p className='small faint'>{t('columns.hint')}</p>
    </div>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger='click' placement='bottomRight' content={content} destroyOnHidden>
      <button type='button' className='chip tall columns-button' aria-haspopup='dialog' aria-expanded={open}>
        <Icon name='columns' size={15} />
        {t('columns.act')}
      </button>
    </Popover>
  )
}
