import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { customer } from '../../../domain/crm/customer.ts'
import { offeredColumns } from '../../../domain/export/columns.ts'
import { usualShareDays } from '../../../domain/export/shares.ts'
import { none, type RuleRow, satisfies } from '../../../domain/policy/predicate.ts'
import { useLanguage } from '../../app/preferences.ts'
import { request } from '../../app/request.ts'
import { useScope } from '../../app/session.ts'
import { useLabel } from '../../catalogue/FieldValue.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatInstant } from '../../ui/formatTime.ts'
import { ErrorNote, Trouble } from '../../ui/Trouble.tsx'
import './exports.css'

type Made = { id: string; token: string; pin: string; expiresAt: string }

/** What is shared: a customer, by name, with the columns that decide what of them may leave; or an export. */
type Target = { kind: 'customer'; id: string; name: string; rule: RuleRow } | { kind: 'export'; id: string }

const usual = ['name', 'phones', 'addresses']
const dayChoices = [1, 3, 7, 14, 30]

const CopyLine = ({ label, text, act }: { label: string; text: string; act: string }) => {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  return (
    <div className='passphrase'>
      <div className='small quiet'>{label}</div>
      <div className='row apart'>
        <output className='mono link' aria-label={label}>
          {text}
        </output>
        <Button size='small' onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {copied ? t('exports.copied') : act}
        </Button>
      </div>
    </div>
  )
}

const MadeLink = ({ made, onClose }: { made: Made; onClose: () => void }) => {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={t('shares.made')}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Button type='primary' onClick={onClose}>
          {t('exports.done')}
        </Button>
      }
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        <CopyLine label={t('shares.link')} text={`${window.location.origin}/shared#${made.token}`} act={t('shares.copyLink')} />
        <CopyLine label={t('shares.pin')} text={made.pin} act={t('shares.copyPin')} />
        <Trouble tone='warn' title={t('shares.madeWhat')}>
          {t('shares.until', { at: formatInstant(made.expiresAt) })}
        </Trouble>
      </div>
    </Modal>
  )
}

/** Asks for whom, what and for how long, and makes a link whose two halves are shown once. */
export const ShareDialog = ({ target, onClose }: { target: Target; onClose: () => void }) => {
  const { t } = useTranslation()
  const labelOf = useLabel()
  const language = useLanguage()
  const client = useQueryClient()
  const scope = useScope('customer')
  const [name, setName] = useState('')
  const [contact, setContact] = useState('')
  const [days, setDays] = useState(usualShareDays)
  const offered =
    target.kind === 'customer'
      ? offeredColumns(scope).filter((column) => satisfies(scope.fields[column.name]?.export ?? none, target.rule))
      : []
  const [picked, setPicked] = useState<readonly string[]>(usual)
  const fields = offered.map((column) => column.name).filter((one) => picked.includes(one))
  const make = useMutation({
    mutationFn: () =>
      request<Made>('POST', '/api/shares', {
        body: {
          kind: target.kind,
          target: target.id,
          recipient: { name: name.trim(), contact: contact.trim() },
          days,
          language: language === 'en' ? 'en' : 'zh',
          ...(target.kind === 'customer' ? { fields } : {}),
        },
      }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['exports', 'shares'] }),
    gcTime: 0,
  })
  if (make.data) return <MadeLink made={make.data} onClose={onClose} />
  return (
    <Modal
      open
      title={target.kind === 'customer' ? t('shares.title', { name: target.name }) : t('shares.titleExport')}
      okText={t('shares.make')}
      okButtonProps={{ disabled: name.trim() === '' || (target.kind === 'customer' && fields.length === 0) }}
      cancelText={t('cancel')}
      confirmLoading={make.isPending}
      onOk={() => make.mutate()}
      onCancel={onClose}
    >
      <div className='stack' style={{ padding: '6px 0 10px' }}>
        <p className='quiet'>{t('shares.instead')}</p>
        {make.isError ? <ErrorNote error={make.error} /> : null}
        <Field label={t('shares.recipient')} hint={t('shares.recipientHint')}>
          {(ties) => (
            <Input {...ties} autoFocus value={name} maxLength={100} autoComplete='off' onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label={t('shares.contact')} hint={t('shares.contactHint')}>
          {(ties) => (
            <Input {...ties} value={contact} maxLength={200} autoComplete='off' onChange={(event) => setContact(event.target.value)} />
          )}
        </Field>
        {target.kind === 'customer' ? (
          <>
            <fieldset className='export-columns'>
              <legend>{t('shares.what')}</legend>
              {offered.map((column) => (
                <label key={column.name}>
                  <input
                    type='checkbox'
                    checked={picked.includes(column.name)}
                    onChange={() =>
                      setPicked(picked.includes(column.name) ? picked.filter((one) => one !== column.name) : [...picked, column.name])
                    }
                  />
                  {labelOf(customer.fields[column.name as 'name'])}
                </label>
              ))}
            </fieldset>
            <Field label={t('shares.days')}>
              {(ties) => (
                <Select
                  {...ties}
                  value={days}
                  options={dayChoices.map((value) => ({ value, label: t('shares.dayCount', { count: value }) }))}
                  onChange={setDays}
                />
              )}
            </Field>
          </>
        ) : (
          <p className='quiet small'>{t('shares.untilFile')}</p>
        )}
      </div>
    </Modal>
  )
}
