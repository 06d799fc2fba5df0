import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { hasDuty } from '../../domain/policy/decide.ts'
import { normalisePhone } from '../../domain/text/phone.ts'
import { FoundBy } from '../catalogue/FoundBy.tsx'
import { MaskedText } from '../catalogue/MaskedText.tsx'
import { plainOf } from '../catalogue/plainOf.ts'
import { formatPhone } from '../ui/formatPhone.ts'
import { Highlight } from '../ui/Highlight.tsx'
import { Icon, type IconName } from '../ui/Icon.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import { isWorthAsking, useTyped } from '../ui/useTyped.ts'
import { isMasked, type Page, type RecordView, type Shown } from './contract.ts'
import { useDirectory } from './directory.ts'
import { closeFinder, finderShown } from './finder.ts'
import { incomingCall } from './incomingCall.ts'
import { placesFor } from './navigation.ts'
import { request } from './request.ts'
import { useActor, useScope } from './session.ts'
import './finder.css'

const shownResults = 8

type Line = { key: string; run: () => void; icon?: IconName; words?: string; record?: RecordView }

const Contact = ({ value, query }: { value: Shown; query: string }) => {
  const first = Array.isArray(value) ? value[0] : value
  if (first === undefined || first === null) return null
  if (isMasked(first)) return <MaskedText text={first.masked} query={query} />
  return <Highlight text={formatPhone(String(first))} query={query} />
}

type RecordLineProps = { record: RecordView; via: RecordView | undefined; query: string; storeName: string | null }

const RecordLine = ({ record, via, query, storeName }: RecordLineProps) => {
  const name = plainOf(record['name']) ?? '—'
  return (
    <>
      <span className='ava soft' aria-hidden='true'>
        {Array.from(name)[0]}
      </span>
      <span className='who'>
        <b className='clip'>
          <Highlight text={name} query={query} whole />
        </b>
        {via ? (
          <FoundBy contact={via} query={query} />
        ) : (
          <span className='small faint clip'>{record['addresses'] ? <Contact value={record['addresses']} query={query} /> : null}</span>
        )}
      </span>
      <span className='what small'>
        <Contact value={record['phones']} query={query} />
        <span className='faint'>{storeName}</span>
      </span>
    </>
  )
}

/** Ctrl-K: finds anyone by a part of the name, pinyin, initials, phone or address while typing, and any place of the product by its name. */
export const Finder = () => {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  const navigate = useNavigate()
  const actor = useActor()
  const scope = useScope('customer')
  const stores = useDirectory('store')
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const { settled: query, composition } = useTyped(text)
  const findsPeople = scope.rows.kind !== 'none'
  const searches = findsPeople && isWorthAsking(query)
  const words = findsPeople
    ? { label: t('finder.label'), placeholder: t('finder.placeholder'), hint: t('finder.hint') }
    : { label: t('finder.places.label'), placeholder: t('finder.places.placeholder'), hint: t('finder.places.hint') }
  const found = useQuery({
    queryKey: ['customers', 'find', query],
    queryFn: async ({ signal }) => {
      const parameters = new URLSearchParams({ pageSize: String(shownResults), show: 'brief', q: query })
      return { query, page: await request<Page<RecordView>>('GET', `/api/customers?${parameters}`, { signal }) }
    },
    enabled: searches,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  // Before the browser takes another key: what was typed ahead and what is typed into the field must not overtake each other.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    setText(finderShown())
    return () => element?.close()
  }, [])
  useEffect(() => setActive(0), [query, found.data])

  const go = (to: string) => () => {
    closeFinder()
    void navigate(to)
  }
  const places: Line[] = placesFor(actor)
    .map((place) => ({ key: place.to, run: go(place.to), icon: place.icon, words: t(`nav.${place.words}`) }))
    .filter((place) => text.trim() === '' || place.words.toLowerCase().includes(text.trim().toLowerCase()))
  const mayCreate = (scope.actions.create ?? { kind: 'none' }).kind !== 'none'
  const records: Line[] = searches
    ? (found.data?.page.items ?? []).map((record) => ({ key: record.id, run: go(`/customers/${record.id}`), record }))
    : []
  const acts: Line[] =
    mayCreate && text.trim() === '' ? [{ key: 'new', run: go('/customers/new'), icon: 'plus', words: t('customers.new') }] : []
  const isWholeNumber = hasDuty(actor, 'calls.take') && 'e164' in normalisePhone(query)
  const callers: Line[] = isWholeNumber
    ? [{ key: 'caller', run: () => (closeFinder(), incomingCall.take(query)), icon: 'call', words: t('caller.find') }]
    : []
  const lines = [...records, ...callers, ...acts, ...places]

  const onKey = (event: KeyboardEvent) => {
    // An input method composing pinyin uses these keys itself.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (lines.length > 0) setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + lines.length) % lines.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      lines[active]?.run()
    }
  }

  const total = found.data?.page.total ?? 0
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- the mouse's way out; the keyboard's is Escape
    <dialog
      ref={dialog}
      className='finder'
      aria-label={words.label}
      onClose={closeFinder}
      onClick={(event) => {
        if (event.target === dialog.current) closeFinder()
      }}
    >
      <div className='ask-line'>
        <Icon name='search' size={20} />
        <input
          autoFocus
          role='combobox'
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={lines[active] ? `${id}-${active}` : undefined}
          aria-label={words.label}
          placeholder={words.placeholder}
          value={text}
          maxLength={100}
          autoComplete='off'
          spellCheck={false}
          enterKeyHint='search'
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
          {...composition}
        />
        <button type='button' className='chip' onClick={closeFinder}>
          Esc<span className='unseen'> {t('close')}</span>
        </button>
      </div>
      {found.isError && searches ? (
        <div style={{ padding: 12 }}>
          <ErrorNote error={found.error} />
        </div>
      ) : null}
      <div
        role='listbox'
        id={`${id}-list`}
        aria-label={t('finder.results')}
        aria-busy={searches && found.isPlaceholderData}
        className='lines'
      >
        {lines.map((line, i) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox above has the keys
          <div
            key={line.key}
            id={`${id}-${i}`}
            role='option'
            tabIndex={-1}
            aria-selected={i === active}
            onMouseMove={() => setActive(i)}
            onClick={line.run}
            ref={i === active ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
          >
            {line.record ? (
              <RecordLine
                record={line.record}
                via={found.data?.page.via?.[line.record.id]}
                query={found.data?.query ?? ''}
                storeName={stores.nameOf(line.record['storeId'])}
              />
            ) : (
              <>
                <span className='ava soft' aria-hidden='true'>
                  <Icon name={line.icon ?? 'search'} size={16} />
                </span>
                <span className='grow'>{line.words}</span>
              </>
            )}
          </div>
        ))}
      </div>
      <footer aria-live='polite'>
        {searches && found.data && !found.isPlaceholderData ? (
          total === 0 ? (
            <span>{t('finder.none', { text: query })}</span>
          ) : (
            <span>
              {total > records.length ? t('finder.some', { shown: records.length, count: total }) : t('finder.count', { count: total })}
            </span>
          )
        ) : (
          <span>{words.hint}</span>
        )}
        <span className='keys'>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('finder.choose')} <kbd>↵</kbd> {t('finder.open')}
        </span>
      </footer>
    </dialog>
  )
}
