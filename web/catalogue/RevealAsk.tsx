import { useQuery } from '@tanstack/react-query'
import { Button, Input, Popover } from 'antd'
import { type ButtonHTMLAttributes, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { revealsPerDay } from '../../domain/policy/decide.ts'
import { type Reason, reasons, type Revealed } from '../app/contract.ts'
import { useActor } from '../app/session.ts'
import { Icon } from '../ui/Icon.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import type { Reveal } from './useReveal.ts'

type RevealAskProps = {
  reveal: Reveal
  fields: string[]
  label: string
  small?: boolean
  onRevealed?: (values: Revealed['values']) => void
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { label: string; small: boolean; open: boolean }

/** The button that asks to see a masked value. */
export const AskButton = ({ label, small, open, ...rest }: ButtonProps) => {
  const { t } = useTranslation()
  return (
    <button
      type='button'
      {...rest}
      className={small ? 'chip bare' : 'chip'}
      title={small ? t('reveal.showField', { field: label }) : undefined}
      aria-haspopup='dialog'
      aria-expanded={open}
      aria-label={t('reveal.showField', { field: label })}
    >
      <Icon name='eye' size={small ? 16 : 14} />
      {small ? null : t('reveal.show')}
    </button>
  )
}

/** The button that asks to see a masked value, and the picker of reasons it opens: two clicks in all, three for a reason in words. */
export const RevealAsk = (props: RevealAskProps) => {
  const [wasAsked, setWasAsked] = useState(false)
  if (wasAsked) return <RevealPicker {...props} />
  return <AskButton label={props.label} small={props.small ?? false} open={false} onClick={() => setWasAsked(true)} />
}

/** The same, already asked: with the picker open. */
export const RevealPicker = ({ reveal, fields, label, small = false, onRevealed }: RevealAskProps) => {
  const { t } = useTranslation()
  const actor = useActor()
  const [open, setOpen] = useState(true)
  const [inWords, setInWords] = useState(false)
  const [note, setNote] = useState('')
  const { data: left } = useQuery<number>({ queryKey: ['reveals-left'], queryFn: () => revealsPerDay(actor), enabled: false })
  const ask = (reason: Reason) => {
    if (reason === 'other' && note.trim() === '') return setInWords(true)
    reveal.ask.mutate(
      { fields, reason, ...(reason === 'other' ? { note: note.trim() } : {}) },
      {
        onSuccess: ({ values }) => {
          onRevealed?.(values)
          setOpen(false)
          setInWords(false)
          setNote('')
        },
      },
    )
  }
  const picker = (
    <div className='ask' role='dialog' aria-label={t('reveal.why', { field: label })}>
      <div>
        <b>{t('reveal.why', { field: label })}</b>
        <div className='small faint'>
          {t('reveal.recorded')}{' '}
          {left === undefined
            ? t('reveal.budget', { count: revealsPerDay(actor) })
            : left === 0
              ? t('reveal.over')
              : t('reveal.left', { count: left })}
        </div>
      </div>
      <div className='options'>
        {reasons.map((reason) => (
          <button
            key={reason}
            type='button'
            className='option'
            disabled={reveal.ask.isPending}
            aria-pressed={reason === 'other' ? inWords : undefined}
            onClick={() => ask(reason)}
          >
            {t(`reasons.${reason}`)}
          </button>
        ))}
      </div>
      {inWords ? (
        <form
          className='stack tight'
          onSubmit={(event) => {
            event.preventDefault()
            ask('other')
          }}
        >
          <Input
            autoFocus
            value={note}
            maxLength={200}
            placeholder={t('reveal.note')}
            aria-label={t('reveal.note')}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button type='primary' htmlType='submit' size='small' disabled={note.trim() === ''} loading={reveal.ask.isPending}>
            {t('reveal.show')}
          </Button>
        </form>
      ) : null}
      {reveal.ask.isError ? <ErrorNote error={reveal.ask.error} /> : null}
    </div>
  )
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        if (!next) reveal.ask.reset()
      }}
      trigger='click'
      content={picker}
      placement='bottomLeft'
      destroyOnHidden
    >
      <AskButton label={label} small={small} open={open} autoFocus />
    </Popover>
  )
}
